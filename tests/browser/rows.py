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
INSERT INTO lesson_schedules (id, class_id, school_id, start_at, end_at, capacity, version, created_at)
SELECT gen_random_uuid(), c.id, c.school_id, t, t + make_interval(mins => c.duration_min), c.capacity, 1,
  %(now)s
FROM generate_series(%(morning)s::timestamptz, %(morning)s::timestamptz + interval '10 days', '1 hour') t,
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
    now = clock.now()
    day = clock.jst_midnight(clock.jst_date(now) + timedelta(days=3))
    morning = day + timedelta(hours=9, minutes=3)
    [row] = ask(site, _NEW_SLOT, children=list(children), school=FIRST_OWNER, morning=morning, now=now)
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
UPDATE bookings o SET status = 'cancelled', cancel_kind = 'admin', cancelled_at = %(now)s
WHERE o.status <> 'cancelled' AND o.schedule_id <> %(id)s
  AND o.user_id IN (SELECT user_id FROM bookings WHERE schedule_id = %(id)s AND status <> 'cancelled')
  AND o.period && tstzrange(%(start)s, %(end)s)
"""
_BEGIN = """
WITH begun AS (
  UPDATE lesson_schedules SET start_at = %(start)s, end_at = %(end)s
  WHERE id = %(id)s RETURNING id, start_at, end_at)
UPDATE bookings b SET period = tstzrange(begun.start_at, begun.end_at)
FROM begun WHERE b.schedule_id = begun.id
"""


def begin(site: Site, slot: Slot) -> Slot:
    """Let the slot have begun ten minutes ago; answers it as it is now."""
    now = clock.now()
    start, end = now - timedelta(minutes=10), now + timedelta(minutes=40)
    ask(site, _MAKE_ROOM, id=slot.id, now=now, start=start, end=end)
    ask(site, _BEGIN, id=slot.id, start=start, end=end)
    return replace(slot, start=start, end=end)


# A lesson of the first school, at an hour when both the instructor and the child were free.
_ATTENDED = """
WITH child AS (
  SELECT m.user_id, m.family_id, f.parent_user_id FROM family_members m JOIN families f ON f.id = m.family_id
  WHERE f.family_code = 'DEMO01' AND m.login_name = %(child)s),
slot AS (
  INSERT INTO lesson_schedules
    (id, class_id, school_id, instructor_id, start_at, end_at, capacity, booked_count, version)
  SELECT gen_random_uuid(), c.id, c.school_id, i.id, t, t + interval '50 minutes', c.capacity, 1, 1
  FROM child, generate_series(%(last)s::timestamptz, %(last)s::timestamptz - interval '9 days', '-1 hour') t,
    schools o JOIN classes c ON c.school_id = o.id JOIN instructors i ON i.school_id = o.id
  WHERE o.name = %(school)s AND c.ticket_cost = 1 AND NOT c.instructor_choice
    AND NOT EXISTS (SELECT FROM lesson_schedules x WHERE x.instructor_id = i.id AND x.cancelled_at IS NULL
      AND tstzrange(x.start_at, x.end_at) && tstzrange(t, t + interval '50 minutes'))
    AND NOT EXISTS (SELECT FROM bookings b WHERE b.user_id = child.user_id AND b.status <> 'cancelled'
      AND b.period && tstzrange(t, t + interval '50 minutes'))
  ORDER BY t DESC, c.id, i.id LIMIT 1
  RETURNING id, instructor_id, start_at, end_at)
INSERT INTO bookings (id, user_id, family_id, schedule_id, instructor_id, booked_by, period, status,
  consumed_tickets, cancel_until, created_at)
SELECT gen_random_uuid(), child.user_id, child.family_id, slot.id, slot.instructor_id, child.parent_user_id,
  tstzrange(slot.start_at, slot.end_at), 'attended', 1, slot.start_at - interval '1 day',
  slot.start_at - interval '5 days'
FROM child, slot RETURNING id
"""


def attended(site: Site, child: str) -> str:
    """A lesson that a child of the demo has attended and nobody has spoken of, made for who asks."""
    last = clock.now() - timedelta(days=2)
    return one(site, _ATTENDED, child=child, school=FIRST_OWNER, last=last)


_BOOKED = """
WITH child AS (
  SELECT m.user_id, m.family_id, f.parent_user_id FROM family_members m JOIN families f ON f.id = m.family_id
  WHERE f.family_code = 'DEMO01' AND m.login_name = %(child)s),
slot AS (
  UPDATE lesson_schedules SET booked_count = booked_count + 1 WHERE id = %(id)s
  RETURNING id, school_id, start_at, end_at),
made AS (
  INSERT INTO bookings (id, user_id, family_id, schedule_id, booked_by, period, status,
    consumed_tickets, cancel_until, created_at)
  SELECT gen_random_uuid(), child.user_id, child.family_id, slot.id, child.parent_user_id,
    tstzrange(slot.start_at, slot.end_at), 'reserved', 1, slot.start_at - interval '1 day', %(now)s
  FROM child, slot RETURNING id, family_id)
INSERT INTO conversations (id, booking_id, family_id, school_id, status, writable_until, created_at)
SELECT gen_random_uuid(), made.id, made.family_id, slot.school_id, 'open', slot.end_at + interval '30 days',
  %(now)s
FROM made, slot RETURNING booking_id
"""


def booked(site: Site, slot: Slot, child: str) -> str:
    """Id of a booking of the slot for a child of the demo family: without tickets, letters and questions."""
    return one(site, _BOOKED, id=slot.id, child=child, now=clock.now())


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


def first_school(site: Site) -> str:
    """The school that the demo walks through."""
    return one(site, "SELECT id FROM schools WHERE name = %(name)s", name=FIRST_OWNER)


def make_late(site: Site, slot: Slot) -> None:
    """Let the deadline and the grace of every booking of the slot have passed."""
    sql = "UPDATE bookings SET cancel_until = %(until)s, created_at = %(made)s WHERE schedule_id = %(id)s"
    hour, now = timedelta(hours=1), clock.now()
    ask(site, sql, id=slot.id, until=now - hour, made=now - 2 * hour)


def slot_beside(site: Site, slot: Slot, *, days: int) -> Slot:
    """Another free slot of the same class so many days later, at an hour nobody of the family is busy."""
    start = slot.start + timedelta(days=days, minutes=7)
    number = str(new_id())
    sql = """
        INSERT INTO lesson_schedules
          (id, class_id, school_id, start_at, end_at, capacity, version, created_at)
        SELECT %(new)s, class_id, school_id, %(start)s, %(start)s + (end_at - start_at), 3, 1, %(now)s
        FROM lesson_schedules WHERE id = %(id)s
    """
    ask(site, sql, new=number, start=start, id=slot.id, now=clock.now())
    return replace(slot, id=number, start=start, end=start + (slot.end - slot.start))


def tidy_up(site: Site) -> None:
    """End what tests have booked in their slots, so that no family reaches its limit and no child is busy."""
    sql = """
        WITH ended AS (
          UPDATE bookings SET status = 'cancelled', cancel_kind = 'admin', cancelled_at = %(now)s,
            question = NULL, answer_by = NULL
          WHERE status = 'reserved'
            AND schedule_id IN (SELECT id FROM lesson_schedules WHERE created_at >= %(since)s)
          RETURNING schedule_id)
        UPDATE lesson_schedules s SET booked_count = booked_count - (
          SELECT count(*) FROM ended WHERE ended.schedule_id = s.id)
        WHERE id IN (SELECT schedule_id FROM ended)
    """
    ask(site, sql, now=clock.now(), since=site.since)


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
