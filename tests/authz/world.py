"""Two families and two schools that must never see into each other, and seven kinds of people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.models.accounts import User, UserType
from naraigoto.models.attendance import Attendance, AttendanceStatus
from naraigoto.models.base import new_id
from naraigoto.models.billing import BillingIssue, IssueKind, WebhookEvent
from naraigoto.models.bookings import BookingStatus
from naraigoto.models.families import Family
from naraigoto.models.moderation import ReportReason, ReviewReport
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.models.reviews import ChildReview, HiddenFor, ParentReview, ReviewStatus, ReviewTarget
from naraigoto.models.schools import Class
from naraigoto.models.search import SavedSearch
from naraigoto.services import bookings, families, sessions, slot_changes, waitlist
from tests.connections import opened
from tests.factories import (
    actor_of,
    grant_tickets,
    make_booking,
    make_child,
    make_class,
    make_family,
    make_instructor,
    make_schedule,
    make_school,
    make_user,
)
from tests.prepared import PreparedDatabase


class Persona(StrEnum):
    """Who asks."""

    ANONYMOUS = "anonymous"
    CHILD = "child"
    GUARDIAN = "guardian"
    OTHER_FAMILY = "other_family"
    SCHOOL_MEMBER = "school_member"
    OTHER_SCHOOL = "other_school"
    ADMIN = "admin"


# Words that stand only in private rows; nobody without the right may ever receive them.
CHILD_NAME = "ひみつのそら"
GUARDIAN_NAME = "ひみつの花子"
DEAD_ERROR = "ひみつの記録"
MARKERS = (CHILD_NAME, GUARDIAN_NAME, DEAD_ERROR)

# What an action can leave behind. Sessions and their stamps are no traces: signing in is allowed to all.
_TRACES = (
    "families",
    "family_members",
    "family_guardians",
    "family_invitations",
    "bookings",
    "attendances",
    "ticket_entries",
    "ticket_balances",
    "outbox_messages",
    "audit_log",
    "conversations",
    "lesson_schedules",
    "idempotency_keys",
    "notification_settings",
    "waitlist_entries",
    "calendar_feeds",
    "saved_searches",
    "plan_orders",
    "subscriptions",
    "payments",
    "webhook_events",
    "billing_issues",
    "reviews_parent",
    "reviews_child",
    "review_reports",
    "review_replies",
    "review_votes",
    "review_appeals",
    "points_transactions",
)


@dataclass
class World:
    """Ids by role, and a cookie for each persona."""

    ids: dict[str, UUID | str] = field(default_factory=dict)
    cookies: dict[Persona, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return str(self.ids[name])

    def cookie(self, persona: Persona) -> str:
        """The Cookie header of a persona; empty for guests."""
        token = self.cookies.get(persona)
        return f"naraigoto_session={token}" if token else ""


Worlds = PreparedDatabase[World]


@asynccontextmanager
async def untouched(worlds: Worlds) -> AsyncIterator[World]:
    """The world as it was built; naraigoto.db works on it meanwhile."""
    url, world = await worlds.fresh()
    async with opened(url):
        yield world


async def picture() -> list[Any]:
    """What every action leaves in the database; another one as soon as a row has changed."""
    parts = [
        f"SELECT '{name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t" for name in _TRACES
    ]
    async with db.transaction() as session:
        found = await (await session.connection()).execute(text(" UNION ALL ".join(parts)))
        return [tuple(row) for row in found]


async def build(session: AsyncSession) -> World:
    """Fill an empty database; every slot lies in the real future, so that it can be booked now."""
    world, now = World(), clock.now()
    people = {
        Persona.GUARDIAN: await make_user(session, name=GUARDIAN_NAME),
        Persona.OTHER_FAMILY: await make_user(session, name="よその親"),
        Persona.SCHOOL_MEMBER: await make_user(session, UserType.SCHOOL_OWNER, name="伊藤"),
        Persona.OTHER_SCHOOL: await make_user(session, UserType.SCHOOL_OWNER, name="ライバル"),
        Persona.ADMIN: await make_user(session, UserType.ADMIN, name="管理者"),
    }
    family = await make_family(session, guardian=people[Persona.GUARDIAN])
    other = await make_family(session, guardian=people[Persona.OTHER_FAMILY])
    people[Persona.CHILD] = await make_child(session, family, name=CHILD_NAME)
    other_child = await make_child(session, other, name="よその子")
    for each in (family, other):
        await grant_tickets(session, each, 10, month=clock.month_of(now))
    school = await make_school(session, owner=people[Persona.SCHOOL_MEMBER])
    await make_school(session, owner=people[Persona.OTHER_SCHOOL], name="ライバル水泳")
    teacher = await make_instructor(session, school)
    lesson = await make_class(session, school)
    tomorrow = clock.jst(now + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    upcoming = await make_schedule(session, lesson, start_at=tomorrow)
    running = await make_schedule(
        session, lesson, start_at=now + timedelta(hours=3), instructor_id=teacher.id
    )
    free = await make_schedule(session, lesson, start_at=tomorrow + timedelta(days=1))
    guardian = await actor_of(session, people[Persona.GUARDIAN])
    child_id = people[Persona.CHILD].id
    kept = await bookings.book(session, guardian, schedule_id=upcoming.id, child_id=child_id, now=now)
    begun = await bookings.book(session, guardian, schedule_id=running.id, child_id=child_id, now=now)
    await _start(session, begun.id, running.id)
    moving = await make_schedule(session, lesson, start_at=tomorrow + timedelta(days=3))
    moved = await bookings.book(session, guardian, schedule_id=moving.id, child_id=child_id, now=now)
    await slot_changes.move(
        session,
        await actor_of(session, people[Persona.SCHOOL_MEMBER]),
        schedule_id=moving.id,
        start_at=moving.start_at + timedelta(hours=1),
        now=now,
    )
    full = await make_schedule(session, lesson, start_at=tomorrow + timedelta(days=2), capacity=1)
    stranger = await actor_of(session, people[Persona.OTHER_FAMILY])
    await bookings.book(session, stranger, schedule_id=full.id, child_id=other_child.id, now=now)
    waited = await make_schedule(
        session, lesson, start_at=tomorrow + timedelta(days=4), capacity=1, booked_count=1
    )
    await waitlist.join(session, guardian, schedule_id=waited.id, child_id=child_id, now=now)
    told = await _voices(session, lesson, family, people[Persona.CHILD], now)
    saved = SavedSearch(user_id=people[Persona.GUARDIAN].id, address="q=saved", query={"q": "saved"})
    session.add(saved)
    dead = OutboxMessage(
        kind="booking_confirmed",
        dedupe_key=f"authz:{kept.id}",
        recipient_user_id=people[Persona.GUARDIAN].id,
        payload={"booking_id": str(kept.id), "side": "guardian"},
        status=OutboxStatus.DEAD,
        run_at=now,
        last_error=DEAD_ERROR,
    )
    dead_event = WebhookEvent(
        event_id=f"evt_{new_id()}",
        type="invoice.paid",
        received_at=now,
        run_at=now,
        dead_at=now,
        last_error=DEAD_ERROR,
    )
    issue = BillingIssue(
        kind=IssueKind.TICKET_DEBT,
        key=f"authz:{new_id()}",
        family_id=family.id,
        facts={"invoice": DEAD_ERROR},
        found_at=now,
    )
    session.add_all((dead, dead_event, issue))
    await session.flush()
    invited = await families.invite(session, replace(guardian, verified=True), family.id, now=now)
    world.ids = {
        "family": family.id,
        "invitation": invited.id,
        "token": invited.token,
        "child": child_id,
        "other_child": other_child.id,
        "school": school.id,
        "instructor": teacher.id,
        "class": lesson.id,
        "free": free.id,
        "full": full.id,
        "moved": moved.id,
        "waited": waited.id,
        "booking": kept.id,
        "begun": begun.id,
        "dead": dead.id,
        "saved": saved.id,
        "dead_event": dead_event.id,
        "issue": issue.id,
    } | told
    for persona, user in people.items():
        world.cookies[persona] = await _cookie(session, user)
    return world


async def _voices(
    session: AsyncSession, lesson: Class, family: Family, child: User, now: datetime
) -> dict[str, UUID | str]:
    """A lesson nobody has spoken of yet, and one with a public voice and one that was reported and hidden."""
    lessons = []
    for days in (2, 3):
        slot = await make_schedule(session, lesson, start_at=now - timedelta(days=days))
        came = await make_booking(session, slot, child, family, status=BookingStatus.ATTENDED)
        session.add(Attendance(booking_id=came.id, status=AttendanceStatus.ATTENDED, recorded_at=now))
        lessons.append(came)
    values: dict[str, Any] = {
        "booking_id": lessons[1].id,
        "family_id": family.id,
        "school_id": lesson.school_id,
        "target_id": lesson.school_id,
        "target_type": ReviewTarget.SCHOOL,
        "rating": 4,
        "created_at": now,
    }
    said = ParentReview(author_user_id=family.parent_user_id, **values)
    hidden = {"status": ReviewStatus.HIDDEN, "hidden_for": HiddenFor.REPORTS, "comment": DEAD_ERROR}
    childs = ChildReview(author_user_id=child.id, **values, **hidden)
    session.add_all([said, childs])
    await session.flush()
    report = ReviewReport(
        child_review_id=childs.id,
        reason=ReportReason.CHILD_SAFETY,
        reporter_user_id=family.parent_user_id,
        created_at=now,
    )
    session.add(report)
    await session.flush()
    return {
        "attended": lessons[0].id,
        "spoken": lessons[1].id,
        "said": said.id,
        "childs": childs.id,
        "report": report.id,
    }


async def _start(session: AsyncSession, booking_id: UUID, schedule_id: UUID) -> None:
    # The lesson began ten minutes ago, so its attendance may be recorded.
    connection = await session.connection()
    start = clock.now() - timedelta(minutes=10)
    values: dict[str, Any] = {"start": start, "end": start + timedelta(minutes=50)}
    await connection.execute(
        text("UPDATE lesson_schedules SET start_at = :start, end_at = :end WHERE id = :id"),
        values | {"id": schedule_id},
    )
    await connection.execute(
        text("UPDATE bookings SET period = tstzrange(:start, :end) WHERE id = :id"),
        values | {"id": booking_id},
    )


async def _cookie(session: AsyncSession, user: User) -> str:
    return (await sessions.create(session, user.id, user_agent="authz", now=clock.now())).token
