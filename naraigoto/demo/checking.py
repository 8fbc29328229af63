"""What must hold in every database, asked in SQL; the demo's own proof that it is sound."""

from psycopg import Connection

_SAID = "family_id, booking_id, school_id, target_type, target_id, created_at"
_REVIEWS = f"(SELECT {_SAID} FROM reviews_parent UNION ALL SELECT {_SAID} FROM reviews_child)"
# Each counts the rows that break a rule.
_RULES = {
    "seats are the active bookings": """
        SELECT count(*) FROM lesson_schedules l WHERE booked_count <>
          (SELECT count(*) FROM bookings b WHERE b.schedule_id = l.id AND b.status <> 'cancelled')""",
    "a bucket is the sum of its entries": """
        SELECT count(*) FROM ticket_balances t WHERE balance <>
          (SELECT coalesce(sum(delta), 0) FROM ticket_entries e WHERE e.balance_id = t.id)""",
    "a booking used the tickets it says": """
        SELECT count(*) FROM bookings b WHERE consumed_tickets * (b.status <> 'cancelled')::int <>
          (SELECT -coalesce(sum(delta), 0) FROM ticket_entries e WHERE e.booking_id = b.id)""",
    "no tickets are used before they came or after they went": """
        SELECT count(*) FROM ticket_entries e JOIN ticket_balances t ON t.id = e.balance_id
        WHERE e.reason = 'spend' AND (e.created_at < t.created_at
          OR (e.created_at AT TIME ZONE 'Asia/Tokyo')::date > t.expires_on)""",
    "children are of the class's age": """
        SELECT count(*) FROM bookings b JOIN lesson_schedules l ON l.id = b.schedule_id
          JOIN classes c ON c.id = l.class_id JOIN family_members m ON m.user_id = b.user_id
        WHERE extract(year FROM age(l.start_date_jst, m.birth_month)) NOT BETWEEN c.age_min AND c.age_max""",
    "an attendance stands exactly for what is over": """
        SELECT count(*) FROM bookings b LEFT JOIN attendances a ON a.booking_id = b.id
        WHERE (b.status IN ('attended', 'absent')) <> (a.id IS NOT NULL) OR a.status <> b.status""",
    "reviews follow attended lessons": f"""
        SELECT count(*) FROM {_REVIEWS} r
          JOIN bookings b ON b.id = r.booking_id
        WHERE b.status <> 'attended' OR r.created_at < upper(b.period) OR r.family_id <> b.family_id""",
    "reviews speak of the booking's school or instructor": f"""
        SELECT count(*) FROM {_REVIEWS} r
          JOIN bookings b ON b.id = r.booking_id JOIN lesson_schedules l ON l.id = b.schedule_id
        WHERE r.school_id <> l.school_id
          OR r.target_id <> CASE r.target_type WHEN 'school' THEN l.school_id ELSE b.instructor_id END""",
    "every booking has its thread": """
        SELECT count(*) FROM bookings b WHERE NOT EXISTS (SELECT FROM conversations c WHERE c.booking_id = b.id)""",
    "families hold no more future bookings than they may": """
        SELECT count(*) FROM (SELECT family_id FROM bookings WHERE status = 'reserved' AND lower(period) > %(now)s
          GROUP BY family_id HAVING count(*) > 10) many""",
    "nothing has happened in the future": """
        SELECT (SELECT count(*) FROM bookings WHERE created_at > %(now)s OR cancelled_at > %(now)s)
          + (SELECT count(*) FROM reviews_parent WHERE created_at > %(now)s)
          + (SELECT count(*) FROM reviews_child WHERE created_at > %(now)s)
          + (SELECT count(*) FROM messages WHERE created_at > %(now)s OR read_at > %(now)s)
          + (SELECT count(*) FROM ticket_entries WHERE created_at > %(now)s)
          + (SELECT count(*) FROM attendances WHERE recorded_at > %(now)s)
          + (SELECT count(*) FROM likes WHERE created_at > %(now)s)""",
    "schools lie near the centre of their area": """
        SELECT count(*) FROM schools s JOIN areas a ON a.code = s.area_code
        WHERE ST_Distance(s.location, a.centre) > 30000""",
    "every published school has text and figures": """
        SELECT count(*) FROM schools s LEFT JOIN school_search t ON t.school_id = s.id
          LEFT JOIN schools_stats st ON st.school_id = s.id
        WHERE s.status = 'published' AND (t.school_id IS NULL OR st.school_id IS NULL)""",
}


def broken_rules(connection: Connection, *, now: object) -> dict[str, int]:
    """Which rules are broken, and by how many rows; empty when all is well."""
    counts = {
        rule: (connection.execute(query, {"now": now}).fetchone() or (0,))[0]  # pyright: ignore[reportArgumentType]
        for rule, query in _RULES.items()
    }
    return {rule: count for rule, count in counts.items() if count}
