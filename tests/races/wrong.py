"""What must never hold of seats, tickets, bookings and queues, whatever happened before."""

from uuid import UUID

from sqlalchemy import text

from naraigoto import db

# Each query answers the ids of what is wrong.
WRONG = {
    "seats": """
      SELECT s.id FROM lesson_schedules s WHERE booked_count + held_count > capacity
        OR booked_count <> (SELECT count(*) FROM bookings b
          WHERE b.schedule_id = s.id AND b.status <> 'cancelled')
        OR held_count <> (SELECT count(*) FROM waitlist_entries w
          WHERE w.schedule_id = s.id AND w.status = 'offered')
    """,
    "ledger": """
      SELECT k.id FROM ticket_balances k WHERE balance < 0 OR balance <>
        (SELECT coalesce(sum(delta), 0) FROM ticket_entries e WHERE e.balance_id = k.id)
    """,
    "tickets of bookings": """
      SELECT b.id FROM bookings b CROSS JOIN LATERAL (
        SELECT coalesce(sum(delta), 0) AS net FROM ticket_entries e WHERE e.booking_id = b.id) t
      WHERE CASE WHEN b.status <> 'cancelled' THEN t.net <> -b.consumed_tickets
                 WHEN b.cancel_kind = 'late' THEN t.net NOT IN (0, -b.consumed_tickets)
                 ELSE t.net <> 0 END
    """,
    "a late ticket that came back without a successor": """
      SELECT b.id FROM bookings b JOIN ticket_entries e ON e.booking_id = b.id AND e.reason = 'refund'
      WHERE b.cancel_kind = 'late' AND NOT EXISTS (
        SELECT 1 FROM waitlist_entries w WHERE w.refills_booking_id = b.id AND w.booking_id IS NOT NULL)
    """,
    "one seat per child and slot": """
      SELECT min(id::text)::uuid FROM bookings WHERE status <> 'cancelled'
      GROUP BY user_id, schedule_id HAVING count(*) > 1
    """,
    "a child in two places": """
      SELECT a.id FROM bookings a JOIN bookings b ON a.user_id = b.user_id AND a.id < b.id
        AND a.period && b.period AND a.status <> 'cancelled' AND b.status <> 'cancelled'
    """,
    "bookings at another time than their slot": """
      SELECT b.id FROM bookings b JOIN lesson_schedules s ON s.id = b.schedule_id
      WHERE b.status <> 'cancelled' AND b.period <> tstzrange(s.start_at, s.end_at)
    """,
    "an instructor in two places": """
      SELECT a.id FROM bookings a JOIN bookings b ON a.instructor_id = b.instructor_id AND a.id < b.id
        AND a.schedule_id <> b.schedule_id AND a.period && b.period
        AND a.status <> 'cancelled' AND b.status <> 'cancelled'
    """,
    "somebody in a cancelled slot": """
      SELECT s.id FROM lesson_schedules s WHERE s.cancelled_at IS NOT NULL AND (
        EXISTS (SELECT 1 FROM bookings b WHERE b.schedule_id = s.id AND b.status <> 'cancelled')
        OR EXISTS (SELECT 1 FROM waitlist_entries w WHERE w.schedule_id = s.id
                   AND w.status IN ('waiting', 'offered')))
    """,
    "questions to nobody": "SELECT id FROM bookings WHERE question IS NOT NULL AND status <> 'reserved'",
    "two places of a child in one queue": """
      SELECT min(id::text)::uuid FROM waitlist_entries WHERE status IN ('waiting', 'offered')
      GROUP BY child_user_id, schedule_id HAVING count(*) > 1
    """,
}


async def wrongs() -> dict[str, list[UUID]]:
    """What is wrong in the database, by name; nothing, one hopes."""
    found = {}
    async with db.transaction() as session:
        connection = await session.connection()
        for name, query in WRONG.items():
            if ids := list((await connection.execute(text(query))).scalars()):
                found[name] = ids
    return found
