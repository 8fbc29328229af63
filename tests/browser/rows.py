"""What browser tests look up or arrange in the running site's database."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import LiteralString

import psycopg

from naraigoto import clock
from naraigoto.demo.schools import FIRST_OWNER
from naraigoto.models.base import new_id
from naraigoto.texts import dates, schools
from tests.browser.site import Site

# Whatever day and hour it is: a slot of its own by daylight, far enough ahead, when these children are free.
_NEW_SLOT = """
INSERT INTO lesson_schedules (id, class_id, school_id, start_at, end_at, capacity, version)
SELECT gen_random_uuid(), c.id, c.school_id, t, t + make_interval(mins => c.duration_min), c.capacity, 1
FROM generate_series(%(morning)s::timestamptz, %(morning)s::timestamptz + interval '9 days', '2 hours') t,
  classes c JOIN schools o ON o.id = c.school_id AND o.name = %(school)s
WHERE c.ticket_cost = 1 AND NOT c.instructor_choice AND c.duration_min <= 60
  AND extract(hour FROM t AT TIME ZONE 'Asia/Tokyo') BETWEEN 9 AND 19
  AND NOT EXISTS (SELECT FROM lesson_schedules x WHERE x.school_id = c.school_id AND x.start_at = t)
  AND cardinality(%(children)s::text[]) = (
    SELECT count(*) FROM family_members m JOIN families f ON f.id = m.family_id
    WHERE f.family_code = 'DEMO01' AND m.login_name = ANY (%(children)s::text[])
      AND extract(year FROM age(t, m.birth_month)) BETWEEN c.age_min AND c.age_max
      AND NOT EXISTS (SELECT FROM bookings b WHERE b.user_id = m.user_id
        AND b.period && tstzrange(t - interval '1 hour', t + interval '2 hours')))
ORDER BY t, c.id LIMIT 1
RETURNING id, school_id, start_at, end_at, (SELECT title FROM classes c WHERE c.id = class_id)
"""


@dataclass(frozen=True)
class Slot:
    """A lesson slot, and how the pages name it."""

    id: str
    school_id: str
    start: datetime
    end: datetime
    title: str

    @property
    def path(self) -> str:
        """The school's page."""
        return f"/schools/{self.school_id}"

    @property
    def day(self) -> str:
        """12/5(土)."""
        return dates.day_label(clock.jst_date(self.start))

    @property
    def hours(self) -> str:
        """10:00〜10:50."""
        return dates.time_range(self.start, self.end)

    @property
    def when(self) -> str:
        """12/5(土) 10:00〜10:50."""
        return dates.slot_label(self.start, self.end)

    @property
    def button(self) -> str:
        """How the button that books it is called."""
        return f"{schools.BOOK} {self.when} {self.title}"


def ask(site: Site, sql: LiteralString, **values: object) -> list[tuple]:
    """Run one statement and commit; answers its rows."""
    with psycopg.connect(site.database_url.replace("+psycopg", "")) as connection:
        cursor = connection.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def one(site: Site, sql: LiteralString, **values: object) -> str:
    """The first value of the first row."""
    return str(ask(site, sql, **values)[0][0])


def open_slot(site: Site, *children: str) -> Slot:
    """A new slot of the first school, in three days or more, suiting these children of the demo family."""
    day = clock.jst_midnight(clock.jst_date(clock.now()) + timedelta(days=3))
    morning = day + timedelta(hours=9, minutes=3)
    [row] = ask(site, _NEW_SLOT, children=list(children), school=FIRST_OWNER, morning=morning)
    return Slot(str(row[0]), str(row[1]), *row[2:])


def leave_seats(site: Site, slot: Slot, seats: int) -> None:
    """Let the slot have just this many free seats."""
    sql = "UPDATE lesson_schedules SET capacity = booked_count + held_count + %(seats)s WHERE id = %(id)s"
    ask(site, sql, seats=seats, id=slot.id)


def fill(site: Site, slot: Slot) -> None:
    """Let somebody else hold every seat."""
    sql = "UPDATE lesson_schedules SET held_count = capacity - booked_count WHERE id = %(id)s"
    ask(site, sql, id=slot.id)


def moved(site: Site, slot: Slot, start: datetime, end: datetime) -> Slot:
    """The slot at another time, when nobody has booked it yet."""
    sql = "UPDATE lesson_schedules SET start_at = %(start)s, end_at = %(end)s WHERE id = %(id)s"
    ask(site, sql, start=start, end=end, id=slot.id)
    return replace(slot, start=start, end=end)


def bookings(site: Site, slot: Slot) -> int:
    """How many bookings hold a seat in the slot."""
    sql = "SELECT count(*) FROM bookings WHERE schedule_id = %(id)s AND status <> 'cancelled'"
    return int(one(site, sql, id=slot.id))


# Another test may have let another lesson of the same child begin in this very hour.
_MAKE_ROOM = """
UPDATE bookings o SET status = 'cancelled', cancel_kind = 'admin', cancelled_at = now()
WHERE o.status <> 'cancelled' AND o.schedule_id <> %(id)s
  AND o.user_id IN (SELECT user_id FROM bookings WHERE schedule_id = %(id)s AND status <> 'cancelled')
  AND o.period && tstzrange(now() - interval '10 minutes', now() + interval '40 minutes')
"""


def begin(site: Site, slot: Slot) -> None:
    """Let the slot have begun ten minutes ago."""
    ask(site, _MAKE_ROOM, id=slot.id)
    ask(
        site,
        """
        WITH begun AS (
          UPDATE lesson_schedules
          SET start_at = now() - interval '10 minutes', end_at = now() + interval '40 minutes'
          WHERE id = %(id)s RETURNING id, start_at, end_at)
        UPDATE bookings b SET period = tstzrange(begun.start_at, begun.end_at)
        FROM begun WHERE b.schedule_id = begun.id
        """,
        id=slot.id,
    )


def coming_booking(site: Site, child: str) -> tuple[str, datetime, datetime]:
    """Id and hours of the next booking of a child of the demo family."""
    sql = """
        SELECT b.id, lower(b.period), upper(b.period) FROM bookings b
        JOIN family_members m ON m.user_id = b.user_id JOIN families f ON f.id = m.family_id
        WHERE f.family_code = 'DEMO01' AND m.login_name = %(child)s AND b.status = 'reserved'
          AND lower(b.period) > now() ORDER BY lower(b.period) LIMIT 1
    """
    [row] = ask(site, sql, child=child)
    return str(row[0]), row[1], row[2]


def attended(site: Site, child: str) -> str:
    """The latest lesson with an instructor that a child of the demo attended and nobody has spoken of."""
    sql = """
        SELECT b.id FROM bookings b
        JOIN family_members m ON m.user_id = b.user_id JOIN families f ON f.id = m.family_id
        WHERE f.family_code = 'DEMO01' AND m.login_name = %(child)s AND b.status = 'attended'
          AND b.instructor_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM reviews_parent r WHERE r.booking_id = b.id)
          AND NOT EXISTS (SELECT FROM reviews_child r WHERE r.booking_id = b.id)
        ORDER BY lower(b.period) DESC LIMIT 1
    """
    return one(site, sql, child=child)


def school_read_by_others(site: Site) -> str:
    """A published school of which parents have spoken, but never the demo family."""
    sql = """
        SELECT s.id FROM schools s WHERE s.status = 'published' AND EXISTS (
            SELECT FROM reviews_parent r WHERE r.target_id = s.id AND r.status = 'published')
          AND NOT EXISTS (SELECT FROM reviews_parent r JOIN families f ON f.id = r.family_id
            WHERE r.school_id = s.id AND f.family_code = 'DEMO01')
        ORDER BY s.id LIMIT 1
    """
    return one(site, sql)


def prove(site: Site, email: str) -> None:
    """Let the address be proved, as following the mailed link does."""
    ask(site, "UPDATE users SET email_verified_at = now() WHERE email = %(email)s", email=email)


_FAMILY = """
WITH person AS (
  INSERT INTO users (id, type, email, name, email_verified_at, created_at)
  VALUES (gen_random_uuid(), 'parent', %(email)s, %(name)s, now(), now()) RETURNING id),
way_in AS (
  INSERT INTO identities (id, user_id, provider, issuer, subject, secret_hash, created_at)
  SELECT gen_random_uuid(), person.id, 'local', '', person.id::text, known.secret_hash, now()
  FROM person, identities known JOIN users u ON u.id = known.user_id AND u.email = 'parent@example.com'),
home AS (
  INSERT INTO families (id, name, parent_user_id, family_code, created_at)
  SELECT gen_random_uuid(), %(name)s, id, upper(substr(md5(%(email)s), 1, 6)), now() FROM person
  RETURNING id),
young AS (
  INSERT INTO users (id, type, name, created_at)
  VALUES (gen_random_uuid(), 'child', %(child)s, now()) RETURNING id)
INSERT INTO family_members (family_id, user_id, login_name, passcode_hash, birth_month, interests, created_at)
SELECT home.id, young.id, 'child', '-', hana.birth_month, '', now() FROM home, young,
  (SELECT m.birth_month FROM family_members m JOIN families f ON f.id = m.family_id
   WHERE f.family_code = 'DEMO01' AND m.login_name = 'hana') hana
RETURNING family_id
"""


def new_family(site: Site, email: str, name: str, child: str) -> str:
    """A family of one test alone, without a plan; it signs in as the demo does, its child is Hana's age."""
    return one(site, _FAMILY, email=email, name=name, child=child)


def first_school(site: Site) -> str:
    """The school that the demo walks through."""
    return one(site, "SELECT id FROM schools WHERE name = %(name)s", name=FIRST_OWNER)


def make_late(site: Site, slot: Slot) -> None:
    """Let the deadline and the grace of every booking of the slot have passed."""
    sql = """
        UPDATE bookings SET cancel_until = now() - interval '1 hour', created_at = now() - interval '2 hours'
        WHERE schedule_id = %(id)s
    """
    ask(site, sql, id=slot.id)


def slot_beside(site: Site, slot: Slot, *, days: int) -> Slot:
    """Another free slot of the same class so many days later, at an hour nobody of the family is busy."""
    start = slot.start + timedelta(days=days, minutes=7)
    number = str(new_id())
    sql = """
        INSERT INTO lesson_schedules (id, class_id, school_id, start_at, end_at, capacity, version)
        SELECT %(new)s, class_id, school_id, %(start)s, %(start)s + (end_at - start_at), 3, 1
        FROM lesson_schedules WHERE id = %(id)s
    """
    ask(site, sql, new=number, start=start, id=slot.id)
    return replace(slot, id=number, start=start, end=start + (slot.end - slot.start))


def give_tickets(site: Site, email: str, count: int) -> None:
    """Tickets of this month for a guardian's family, with the entry that explains them."""
    sql = """
        WITH bucket AS (
          INSERT INTO ticket_balances (id, family_id, month, balance, expires_on)
          SELECT gen_random_uuid(), f.id, %(month)s, %(count)s, %(month)s::date + 61
          FROM families f JOIN users u ON u.id = f.parent_user_id WHERE u.email = %(email)s
          ON CONFLICT (family_id, month) DO UPDATE SET balance = ticket_balances.balance + %(count)s
          RETURNING id, family_id)
        INSERT INTO ticket_entries (id, family_id, balance_id, delta, reason, source_key)
        SELECT gen_random_uuid(), family_id, id, %(count)s, 'adjust', 'browser:' || gen_random_uuid()
        FROM bucket
    """
    ask(site, sql, email=email, count=count, month=clock.month_of(clock.now()))


def child_of(site: Site, email: str) -> str:
    """A child of a guardian, old enough for any class: its month of birth is not told."""
    sql = """
        UPDATE family_members SET birth_month = NULL WHERE user_id = (
          SELECT m.user_id FROM family_members m JOIN families f ON f.id = m.family_id
          JOIN users u ON u.id = f.parent_user_id WHERE u.email = %(email)s ORDER BY m.user_id LIMIT 1)
        RETURNING user_id
    """
    return one(site, sql, email=email)


def tidy_up(site: Site) -> None:
    """End what a test booked a moment ago, so that no family reaches its limit."""
    sql = """
        WITH ended AS (
          UPDATE bookings SET status = 'cancelled', cancel_kind = 'admin', cancelled_at = now(),
            question = NULL, answer_by = NULL
          WHERE status = 'reserved' AND booked_by IN (SELECT id FROM users WHERE email LIKE 'parent%%')
            AND id IN (SELECT (payload ->> 'booking_id')::uuid FROM outbox_messages
                       WHERE kind = 'booking_confirmed')
          RETURNING schedule_id)
        UPDATE lesson_schedules s SET booked_count = booked_count - (
          SELECT count(*) FROM ended WHERE ended.schedule_id = s.id)
        WHERE id IN (SELECT schedule_id FROM ended)
    """
    ask(site, sql)


def promised(site: Site, kind: str, email: str) -> int:
    """How many messages of a kind a person was promised; by night they leave in the morning."""
    sql = """
        SELECT count(*) FROM outbox_messages m JOIN users u ON u.id = m.recipient_user_id
        WHERE m.kind = %(kind)s AND u.email = %(email)s
    """
    return int(one(site, sql, kind=kind, email=email))


def answer(site: Site, booking: str) -> None:
    """The school has answered what the guardian wrote about it."""
    sql = """
        INSERT INTO review_replies (id, parent_review_id, school_id, author_user_id, body)
        SELECT gen_random_uuid(), r.id, r.school_id, m.user_id, 'またお待ちしています。'
        FROM reviews_parent r JOIN school_members m ON m.school_id = r.school_id
        WHERE r.booking_id = %(booking)s AND r.target_type = 'school' LIMIT 1
    """
    ask(site, sql, booking=booking)
