"""Closing an account, opening it again, being forgotten (D17)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import (
    DomainError,
    Forbidden,
    LinkUnusable,
    ParentApprovalRequired,
    SchoolNeedsOwner,
    Unauthenticated,
)
from naraigoto.models.accounts import Identity, Session, User, UserType
from naraigoto.models.billing import PlanId, Subscription, SubscriptionStatus
from naraigoto.models.bookings import Booking, BookingStatus
from naraigoto.models.families import Family, FamilyGuardian, FamilyInvitation, FamilyMember
from naraigoto.models.likes import Like
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.reviews import ParentReview
from naraigoto.models.schools import SchoolMember, SchoolRole, SchoolStatus
from naraigoto.rules import ERASE_AFTER
from naraigoto.services import closing_notices, links, outbox, privacy, sessions
from tests import factories as make
from tests.conftest import Committed

NAMELESS = "退会した利用者"


async def close(session: AsyncSession, user: User, now: datetime) -> datetime:
    return await privacy.close(session, await make.actor_of(session, user), now=now)


async def undo(session: AsyncSession, user: User, erase_after: datetime, at: datetime) -> None:
    """Press the button behind the link of the mail."""
    token = closing_notices.undo_token(user.id, erase_after, now=erase_after - ERASE_AFTER)
    await privacy.reopen(session, token, now=at)


async def fresh(session: AsyncSession, user: User) -> User:
    return await session.get_one(User, user.id, populate_existing=True)


async def open_sessions(session: AsyncSession, user: User) -> int:
    rows = await session.exec(
        select(Session.id).where(Session.user_id == user.id, Session.revoked_at == None)  # noqa: E711
    )
    return len(rows.all())


async def live_plan(session: AsyncSession, family: Family, status: SubscriptionStatus) -> Subscription:
    row = Subscription(
        family_id=family.id, stripe_subscription_id=str(family.id), plan=PlanId.LIGHT, status=status
    )
    session.add(row)
    await session.flush()
    return row


async def test_the_last_guardian_goes_with_the_children_and_their_lessons(
    session: AsyncSession, now: datetime
) -> None:
    booked = await make.make_booked(session)
    phone = await sessions.create(session, booked.guardian.id, user_agent="", now=now)
    tablet = await sessions.create(session, booked.child.id, user_agent="", now=now)
    session.add(
        FamilyInvitation(
            family_id=booked.family.id,
            token_hash="x",
            invited_by=booked.guardian.id,
            expires_at=now + timedelta(days=7),
        )
    )
    await session.flush()

    erase_after = await close(session, booked.guardian, now)

    assert erase_after == now + ERASE_AFTER
    for person in (booked.guardian, booked.child):
        gone = await fresh(session, person)
        assert (gone.deleted_at, gone.erase_after) == (now, erase_after)
        assert await open_sessions(session, person) == 0
    for token in (phone.token, tablet.token):
        assert await sessions.resolve(session, token, now=now) == ANONYMOUS
    booking = await session.get_one(Booking, booked.booking.id, populate_existing=True)
    assert booking.status is BookingStatus.CANCELLED
    [invitation] = (await session.exec(select(FamilyInvitation))).all()
    assert invitation.revoked_at == now
    told = (await session.exec(select(OutboxMessage).where(OutboxMessage.kind == "account_closed"))).all()
    assert [message.recipient_user_id for message in told] == [booked.guardian.id]


async def test_a_family_passes_to_the_co_guardian_who_joined_first(
    session: AsyncSession, now: datetime
) -> None:
    booked = await make.make_booked(session)
    late = await make.make_co_guardian(session, booked.family)
    early = await make.make_co_guardian(session, booked.family)
    for guardian, days in ((late, 1), (early, 2)):
        row = await session.get_one(FamilyGuardian, (booked.family.id, guardian.id))
        row.joined_at = now - timedelta(days=days)
    await session.flush()

    await close(session, booked.guardian, now)

    family = await session.get_one(Family, booked.family.id, populate_existing=True)
    assert family.parent_user_id == early.id
    assert (await make.actor_of(session, early)).owns_family
    assert (await fresh(session, booked.child)).deleted_at is None
    booking = await session.get_one(Booking, booked.booking.id, populate_existing=True)
    assert booking.status is BookingStatus.RESERVED

    messages = await outbox.claim(session, limit=9, now=now)
    [told] = [message for message in messages if message.kind == "family_passed_on"]
    facts: Any = await outbox.facts_for(session, told, now=now)
    assert (told.recipient_user_id, facts.to, facts.family) == (early.id, early.email, family.name)

    await undo(session, booked.guardian, now + ERASE_AFTER, now)
    back = await make.actor_of(session, booked.guardian)
    assert (back.family_id, back.owns_family) == (booked.family.id, False)


async def test_inboxes_that_are_not_proved_are_told_without_names(
    session: AsyncSession, now: datetime
) -> None:
    booked = await make.make_booked(session)
    heir = await make.make_co_guardian(session, booked.family)
    for person in (booked.guardian, heir):
        person.email_verified_at = None
    await close(session, booked.guardian, now)
    messages = await outbox.claim(session, limit=9, now=now)
    told: dict[str, Any] = {row.kind: await outbox.facts_for(session, row, now=now) for row in messages}
    assert told["account_closed"].name == ""
    assert (told["family_passed_on"].name, told["family_passed_on"].family) == ("", "")


async def test_a_co_guardian_goes_alone(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)
    mate = await make.make_co_guardian(session, booked.family)
    await live_plan(session, booked.family, SubscriptionStatus.ACTIVE)
    await close(session, mate, now)
    assert (await fresh(session, mate)).deleted_at == now
    assert (await fresh(session, booked.guardian)).deleted_at is None
    assert (await fresh(session, booked.child)).deleted_at is None


@pytest.mark.parametrize("status", [SubscriptionStatus.ACTIVE, SubscriptionStatus.ON_HOLD])
async def test_a_running_plan_ends_with_the_account_that_pays_for_it(
    session: AsyncSession, now: datetime, status: SubscriptionStatus
) -> None:
    booked = await make.make_booked(session)
    plan = await live_plan(session, booked.family, status)
    await close(session, booked.guardian, now)
    await session.refresh(plan)
    assert (plan.status, plan.end_due_at) == (SubscriptionStatus.CANCELED, now)


async def test_the_last_owner_of_a_school_stays(session: AsyncSession, now: datetime) -> None:
    owner = await make.make_user(session, UserType.SCHOOL_OWNER)
    school = await make.make_school(session, owner=owner)
    staff = await make.make_user(session, UserType.SCHOOL_OWNER)
    session.add(SchoolMember(school_id=school.id, user_id=staff.id, role=SchoolRole.STAFF))
    await session.flush()
    with pytest.raises(SchoolNeedsOwner):
        await close(session, owner, now)
    await close(session, staff, now)

    second = await make.make_user(session, UserType.SCHOOL_OWNER)
    session.add(SchoolMember(school_id=school.id, user_id=second.id, role=SchoolRole.OWNER))
    await session.flush()
    await close(session, owner, now)
    with pytest.raises(SchoolNeedsOwner):
        await close(session, second, now)


async def test_the_owner_of_a_closed_school_may_go(session: AsyncSession, now: datetime) -> None:
    owner = await make.make_user(session, UserType.SCHOOL_OWNER)
    await make.make_school(session, owner=owner, status=SchoolStatus.CLOSED)
    await close(session, owner, now)


async def test_children_admins_and_guests_close_nothing(session: AsyncSession, now: datetime) -> None:
    child = await make.make_child(session, await make.make_family(session))
    admin = await make.make_user(session, UserType.ADMIN)
    for actor, refusal in (
        (await make.actor_of(session, child), ParentApprovalRequired),
        (await make.actor_of(session, admin), Forbidden),
        (ANONYMOUS, Unauthenticated),
    ):
        with pytest.raises(refusal):
            await privacy.close(session, actor, now=now)


async def test_two_closings_at_once_are_one(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        user = await make.make_user(session)
        await make.make_family(session, guardian=user)
        actor = await make.actor_of(session, user)

    async def go() -> str:
        try:
            async with committed() as session:
                await privacy.close(session, actor, now=now)
        except DomainError as refusal:
            return refusal.code
        return "closed"

    assert sorted(await asyncio.gather(go(), go(), go())) == ["closed", "unauthenticated", "unauthenticated"]


async def test_of_two_owners_who_leave_at_once_one_stays(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        first = await make.make_user(session, UserType.SCHOOL_OWNER)
        school = await make.make_school(session, owner=first)
        second = await make.make_user(session, UserType.SCHOOL_OWNER)
        session.add(SchoolMember(school_id=school.id, user_id=second.id, role=SchoolRole.OWNER))
        await session.flush()
        actors = [await make.actor_of(session, user) for user in (first, second)]

    async def go(actor: Actor) -> str:
        try:
            async with committed() as session:
                await privacy.close(session, actor, now=now)
        except DomainError as refusal:
            return refusal.code
        return "closed"

    assert sorted(await asyncio.gather(*map(go, actors))) == ["closed", "school_needs_owner"]


async def test_two_guardians_who_leave_at_once_leave_no_child_behind(
    committed: Committed, now: datetime
) -> None:
    async with committed() as session:
        booked = await make.make_booked(session)
        mate = await make.make_co_guardian(session, booked.family)
        actors = [await make.actor_of(session, user) for user in (booked.guardian, mate)]

    async def go(actor: Actor) -> None:
        async def attempt(session: AsyncSession) -> None:
            await privacy.close(session, actor, now=now)

        await db.retrying(attempt)

    await asyncio.gather(*map(go, actors))
    async with committed() as session:
        for person in (booked.guardian, mate, booked.child):
            assert (await session.get_one(User, person.id)).deleted_at is not None


async def test_undoing_brings_back_who_went_along_and_nobody_else(
    session: AsyncSession, now: datetime
) -> None:
    booked = await make.make_booked(session)
    removed = await make.make_child(session, booked.family, name="うみ")
    removed.deleted_at, removed.erase_after = now - timedelta(days=1), now + timedelta(days=29)
    await session.flush()
    erase_after = await close(session, booked.guardian, now)

    await undo(session, booked.guardian, erase_after, now + timedelta(days=29))

    for person in (booked.guardian, booked.child):
        back = await fresh(session, person)
        assert (back.deleted_at, back.erase_after) == (None, None)
    assert (await fresh(session, removed)).deleted_at is not None
    with pytest.raises(LinkUnusable):
        await undo(session, booked.guardian, erase_after, now)


async def test_an_undo_that_is_late_or_of_an_earlier_closing_is_refused(
    session: AsyncSession, now: datetime
) -> None:
    user = await make.make_user(session)
    first = await close(session, user, now)
    with pytest.raises(LinkUnusable):
        await undo(session, user, first, first)
    await undo(session, user, first, now)
    again = await close(session, user, now + timedelta(hours=1))
    with pytest.raises(LinkUnusable):
        await undo(session, user, first, now + timedelta(hours=2))
    await undo(session, user, again, now + timedelta(hours=2))


@pytest.mark.parametrize("token", ["", "x", "a.b", "\u3042", "\0", "x" * 5000])
async def test_a_forged_link_brings_nobody_back(session: AsyncSession, now: datetime, token: str) -> None:
    user = await make.make_user(session)
    await close(session, user, now)
    with pytest.raises(LinkUnusable):
        await privacy.reopen(session, token, now=now)
    assert (await fresh(session, user)).deleted_at == now


async def test_a_link_for_something_else_brings_nobody_back(session: AsyncSession, now: datetime) -> None:
    user = await make.make_user(session)
    erase_after = await close(session, user, now)
    bound = closing_notices.mark(erase_after)
    token = links.make(links.Purpose.RESET, user.id, bound, lifetime=timedelta(days=1), now=now)
    with pytest.raises(LinkUnusable):
        await privacy.reopen(session, token, now=now)


async def test_the_mail_carries_the_link_while_it_is_of_use(session: AsyncSession, now: datetime) -> None:
    user = await make.make_user(session, email="hanako@example.com")
    erase_after = await close(session, user, now)
    [message] = await outbox.claim(session, limit=5, now=now)

    facts: Any = await outbox.facts_for(session, message, now=now)

    assert (facts.to, facts.name, facts.erase_after) == ("hanako@example.com", "花子", erase_after)
    await privacy.reopen(session, facts.token, now=now)
    assert await outbox.facts_for(session, message, now=now) is None


async def test_after_thirty_days_everything_personal_is_gone(session: AsyncSession, now: datetime) -> None:
    guardian = await make.make_user(session, name="山田花子", email="hanako@example.com")
    booked = await make.make_booked(session, guardian=guardian)
    await make.give_password(session, guardian)
    review = await make.make_review(session, booked)
    session.add(Like(user_id=booked.child.id, school_id=booked.school.id, family_id=booked.family.id))
    await session.flush()
    erase_after = await close(session, guardian, now)
    assert await privacy.due(session, limit=9, now=erase_after - timedelta(seconds=1)) == []

    waiting = await privacy.due(session, limit=9, now=erase_after)
    assert set(waiting) == {guardian.id, booked.child.id}
    for number in waiting:
        assert await privacy.erase(session, number, name=NAMELESS, now=erase_after)
        assert not await privacy.erase(session, number, name=NAMELESS, now=erase_after)
    assert await privacy.due(session, limit=9, now=erase_after) == []

    for person in (guardian, booked.child):
        row = await fresh(session, person)
        assert (row.name, row.email, row.email_verified_at, row.erase_after) == (NAMELESS, None, None, None)
        assert row.deleted_at == now
    family = await session.get_one(Family, booked.family.id, populate_existing=True)
    assert family.name == NAMELESS
    for table in (Identity, Session, FamilyMember, Like, OutboxMessage):
        left = (await session.exec(select(table))).all()
        assert [row for row in left if _of(row) in waiting] == [], table
    kept = await session.get_one(ParentReview, review.id)
    assert kept.author_user_id == guardian.id
    assert await _places_of(session, "hanako@example.com") == []
    assert await _places_of(session, "山田花子") == []


async def test_undo_and_erasing_at_once_end_in_one_of_both(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        user = await make.make_user(session)
        erase_after = await close(session, user, now)

    async def come_back() -> str:
        try:
            async with committed() as session:
                just_before = erase_after - timedelta(seconds=1)
                await undo(session, user, erase_after, just_before)
        except LinkUnusable:
            return "late"
        return "back"

    async def forget() -> str:
        async with committed() as session:
            return str(await privacy.erase(session, user.id, name=NAMELESS, now=erase_after))

    assert await asyncio.gather(come_back(), forget()) in (["back", "False"], ["late", "True"])


def _of(row: Any) -> Any:
    return getattr(row, "user_id", None) or getattr(row, "recipient_user_id", None)


async def _places_of(session: AsyncSession, word: str) -> list[str]:
    """Every table in which the word still stands."""
    connection = await session.connection()
    tables = await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    found = []
    for table in tables.all():
        hits = await connection.scalar(
            text(f"SELECT count(*) FROM {table} t WHERE t::text LIKE :word"), {"word": f"%{word}%"}
        )
        found += [table] if hits else []
    return found
