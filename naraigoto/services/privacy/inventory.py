"""Every table and what of it a person takes home (D17); a new one goes here or is left out with a reason."""

from typing import Final, NamedTuple

_PERSON = "t.{} = ANY(CAST(:people AS uuid[]))"
_FAMILY = "t.family_id = CAST(:family AS uuid)"
_LESSON = """JOIN lesson_schedules slot ON slot.id = {0}.schedule_id
  JOIN classes lesson ON lesson.id = slot.class_id JOIN schools school ON school.id = slot.school_id"""
_PLACE = "slot.start_at, slot.end_at, lesson.title AS class, school.name AS school"


class Part(NamedTuple):
    """One file of the export: the table, its columns, and whose rows (`t` is the table).

    `:people` are the asker and, for an owner guardian, the children; `:family` is the family of an owner
    guardian and NULL for everybody else, so that a condition on it then finds nothing.
    """

    name: str
    table: str
    columns: str
    whose: str
    joins: str = ""
    order: str = "t.created_at"


def _of(*columns: str, family: bool = False) -> str:
    mine = [_PERSON.format(column) for column in columns]
    return " OR ".join([*mine, _FAMILY] if family else mine)


def _review(voice: str) -> Part:
    table = f"reviews_{voice}"
    columns = """t.id, t.booking_id, t.author_user_id, school.name AS school, t.target_type, t.rating,
      t.comment, t.status, t.hold_reason, t.edited_at, t.published_at, t.created_at"""
    whose = _of("author_user_id", family=True)
    return Part(table, table, columns, whose, "JOIN schools school ON school.id = t.school_id")


EXPORTED: Final = (
    Part(
        "people",
        "users",
        "t.id, t.type, t.name, t.email, t.pending_email, t.email_verified_at, t.created_at",
        _of("id"),
    ),
    Part(
        "sign_ins",
        "identities",
        "t.id, t.user_id, t.provider, t.issuer, t.created_at",
        _of("user_id"),
    ),
    Part(
        "devices",
        "sessions",
        """t.id, t.user_id, t.acting_as, t.user_agent, t.created_at, t.last_seen_at, t.expires_at,
          t.revoked_at""",
        _of("user_id", "acting_as"),
    ),
    Part(
        "consents",
        "consents",
        "t.user_id, t.document, t.version, t.created_at",
        _of("user_id"),
    ),
    Part(
        "notification_settings",
        "notification_settings",
        """t.user_id, t.reminders, t.review_requests, t.ticket_notices, t.points_notices, t.digest,
          t.updated_at""",
        _of("user_id"),
        order="t.updated_at",
    ),
    Part(
        "family",
        "families",
        "t.id, t.name, t.family_code, t.stripe_customer_id, t.created_at",
        "t.id = CAST(:family AS uuid)",
    ),
    Part(
        "children",
        "family_members",
        "t.user_id, t.family_id, t.login_name, t.birth_month, t.interests, t.created_at",
        _of("user_id"),
    ),
    Part(
        "co_guardians",
        "family_guardians",
        "t.user_id, t.family_id, t.joined_at",
        _of("user_id", family=True),
        order="t.joined_at",
    ),
    Part(
        "invitations",
        "family_invitations",
        "t.id, t.invited_by, t.expires_at, t.used_at, t.revoked_at, t.created_at",
        _of("invited_by", family=True),
    ),
    Part(
        "school_roles",
        "school_members",
        "t.user_id, school.name AS school, t.role, t.created_at",
        _of("user_id"),
        "JOIN schools school ON school.id = t.school_id",
    ),
    Part(
        "bookings",
        "bookings",
        f"""t.id, t.user_id, t.booked_by, {_PLACE}, teacher.name AS instructor, t.status, t.consumed_tickets,
          t.cancel_until, t.cancel_kind, t.cancelled_at, t.created_at""",
        _of("user_id", "booked_by", family=True),
        f"{_LESSON.format('t')} LEFT JOIN instructors teacher ON teacher.id = t.instructor_id",
    ),
    Part(
        "attendances",
        "attendances",
        f"t.id, t.booking_id, {_PLACE}, t.status, t.automatic, t.recorded_at, t.created_at",
        """booking.user_id = ANY(CAST(:people AS uuid[])) OR booking.family_id = CAST(:family AS uuid)
          OR t.recorded_by = ANY(CAST(:people AS uuid[]))""",
        f"JOIN bookings booking ON booking.id = t.booking_id {_LESSON.format('booking')}",
    ),
    _review("parent"),
    _review("child"),
    Part(
        "review_images",
        "review_images",
        "t.id, t.parent_review_id, t.child_review_id, upload.key, t.position, t.created_at",
        "upload.user_id = ANY(CAST(:people AS uuid[]))",
        "JOIN uploads upload ON upload.id = t.upload_id",
    ),
    Part(
        "review_replies",
        "review_replies",
        "t.id, t.parent_review_id, t.child_review_id, t.body, t.edited_at, t.created_at",
        _of("author_user_id"),
    ),
    Part(
        "reports",
        "review_reports",
        """t.id, t.parent_review_id, t.child_review_id, t.message_id, t.reason, t.comment, t.status,
          t.created_at""",
        _of("reporter_user_id"),
    ),
    Part(
        "review_appeals",
        "review_appeals",
        "t.id, t.parent_review_id, t.child_review_id, t.body, t.status, t.note, t.decided_at, t.created_at",
        _of("author_user_id"),
    ),
    Part(
        "review_votes",
        "review_votes",
        "t.id, t.parent_review_id, t.child_review_id, t.created_at",
        _of("user_id"),
    ),
    Part(
        "likes",
        "likes",
        "t.user_id, school.name AS school, t.created_at",
        _of("user_id"),
        "JOIN schools school ON school.id = t.school_id",
    ),
    Part(
        "saved_searches",
        "saved_searches",
        "t.id, t.user_id, t.address, t.created_at",
        _of("user_id"),
    ),
    # Without its token: whoever holds a copy of this file should not hold the calendar.
    Part(
        "calendar",
        "calendar_feeds",
        "t.family_id, t.made_by, t.created_at",
        _of("made_by", family=True),
    ),
    Part(
        "requests",
        "booking_requests",
        f"""t.id, t.child_user_id, {_PLACE}, t.stamp, t.note, t.status, t.decided_by, t.decided_at, t.reply,
          t.expires_at, t.created_at""",
        _of("child_user_id", "decided_by", family=True),
        _LESSON.format("t"),
    ),
    Part(
        "waitlist",
        "waitlist_entries",
        f"""t.id, t.child_user_id, {_PLACE}, t.status, t.auto_book, t.offered_at, t.offer_expires_at,
          t.created_at""",
        _of("child_user_id", family=True),
        _LESSON.format("t"),
    ),
    Part(
        "conversations",
        "conversations",
        "t.id, t.booking_id, school.name AS school, t.status, t.writable_until, t.created_at",
        _FAMILY,
        "JOIN schools school ON school.id = t.school_id",
    ),
    Part(
        "messages",
        "messages",
        "t.id, t.conversation_id, t.sender_user_id, t.body, t.read_at, t.retracted_at, t.created_at",
        f"{_PERSON.format('sender_user_id')} OR thread.family_id = CAST(:family AS uuid)",
        "JOIN conversations thread ON thread.id = t.conversation_id",
    ),
    Part(
        "message_reads",
        "conversation_reads",
        "t.conversation_id, t.user_id, t.read_at",
        _of("user_id"),
        order="t.read_at",
    ),
    Part(
        "tickets",
        "ticket_balances",
        "t.id, t.month, t.balance, t.expires_on, t.created_at",
        _FAMILY,
    ),
    Part(
        "ticket_entries",
        "ticket_entries",
        "t.id, t.balance_id, t.delta, t.reason, t.booking_id, t.note, t.created_at",
        _FAMILY,
    ),
    Part(
        "points",
        "points_transactions",
        "t.id, t.user_id, t.delta, t.reason, t.note, t.created_at",
        _of("user_id", family=True),
    ),
    Part(
        "plans",
        "subscriptions",
        """t.id, t.plan, t.status, t.current_period_start, t.current_period_end, t.cancel_at_period_end,
          t.created_at""",
        _FAMILY,
    ),
    Part(
        "orders",
        "plan_orders",
        "t.id, t.ordered_by, t.plan, t.amount, t.page_version, t.confirmed_at, t.status, t.created_at",
        _of("ordered_by", family=True),
    ),
    Part(
        "payments",
        "payments",
        "t.id, t.kind, t.status, t.amount, t.currency, t.paid_at, t.created_at",
        # What an earlier owner of the family paid is theirs alone.
        f"""{_FAMILY} AND t.created_at >= coalesce((SELECT max(passed.at) FROM audit_log passed
          WHERE passed.thing_type = 'family' AND passed.thing_id = t.family_id
            AND passed.action = 'family.passed_on'), '-infinity')""",
    ),
    Part(
        "referrals",
        "referrals",
        """t.id, t.code,
          CASE WHEN t.referrer_family_id = CAST(:family AS uuid) THEN 'referrer' ELSE 'referred' END AS side,
          t.status, t.expires_at, t.accepted_at, t.rewarded_at, t.created_at""",
        "t.referrer_family_id = CAST(:family AS uuid) OR t.referred_family_id = CAST(:family AS uuid)",
    ),
    Part(
        "uploads",
        "uploads",
        "t.id, t.user_id, t.key, t.purpose, t.content_type, t.size, t.status, t.created_at",
        _of("user_id"),
    ),
    Part(
        "mails",
        "outbox_messages",
        "t.id, t.recipient_user_id, t.kind, t.status, t.run_at, t.sent_at, t.created_at",
        _of("recipient_user_id"),
    ),
    # What the asker did, and who looked at or changed something of the family: a school's list of a day on
    # which a child was booked there at that time, or one of the family's bookings.
    Part(
        "audit",
        "audit_log",
        "t.at, t.action, t.thing_type, t.thing_id, t.facts, who.type AS by, school.name AS by_school",
        """t.id IN (
          SELECT id FROM audit_log WHERE actor_user_id = ANY(CAST(:people AS uuid[]))
          UNION SELECT id FROM audit_log
            WHERE thing_type = 'user' AND thing_id = ANY(CAST(:people AS uuid[]))
          UNION SELECT l.id FROM audit_log l JOIN theirs
            ON l.thing_type = 'booking' AND l.thing_id = theirs.id
          UNION SELECT l.id FROM audit_log l JOIN theirs
            ON l.thing_type = 'school' AND l.thing_id = theirs.school_id AND l.action = 'roster.seen'
            AND l.facts ->> 'day' = theirs.day
            AND theirs.created_at <= l.at AND (theirs.cancelled_at IS NULL OR theirs.cancelled_at > l.at))""",
        """LEFT JOIN users who ON who.id = t.actor_user_id
          LEFT JOIN schools school ON t.thing_type = 'school' AND school.id = t.thing_id""",
        order="t.id",
    ),
)

LEFT_OUT: Final = {
    "schools": "what a school tells everybody; it belongs to the school, not to a person",
    "instructors": "as schools",
    "classes": "as schools",
    "lesson_schedules": "as schools",
    "review_tallies": "counted from reviews, no person in it",
    "schools_stats": "counted from others, no person in it",
    "school_search": "made from schools",
    "areas": "public reference",
    "categories": "public reference",
    "search_terms": "public reference",
    "billing_issues": "what an admin has to settle about a payment; the payment itself is exported",
    "webhook_events": "raw copies of what payments and subscriptions say, kept to process them",
    "idempotency_keys": "answers to repeated requests, gone after a day",
}
