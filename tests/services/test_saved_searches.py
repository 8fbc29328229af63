"""Kept searches: whose, how many, once; and the weekly mail that only who asked for it gets."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    ParentApprovalRequired,
    TooManySavedSearches,
    Unauthenticated,
)
from naraigoto.models.accounts import User, UserType
from naraigoto.models.notifications import NotificationSetting, OutboxMessage
from naraigoto.models.search import SavedSearch
from naraigoto.rules import SAVED_SEARCHES_MAX
from naraigoto.services import digests, outbox, saved_searches
from naraigoto.services.digests import SavedSearchDigest
from naraigoto.services.outbox import Claimed
from naraigoto.services.search import SearchFilters
from tests import factories as make
from tests.conftest import Committed

SWIM = SearchFilters(q="水泳", weekdays=(5,))


async def _guardian(session: AsyncSession) -> Actor:
    family = await make.make_family(session)
    user = await session.get(User, family.parent_user_id)
    assert user
    return await make.actor_of(session, user)


async def test_a_guardian_keeps_finds_and_forgets_a_search(session: AsyncSession, now: datetime) -> None:
    actor = await _guardian(session)
    first = await saved_searches.save(session, actor, filters=SWIM, now=now)
    second = await saved_searches.save(
        session, actor, filters=SearchFilters(), now=now + timedelta(minutes=1)
    )
    kept = await saved_searches.kept(session, actor, now=now)
    assert [(row.id, row.filters) for row in kept.items] == [(second.id, SearchFilters()), (first.id, SWIM)]
    assert kept.by_mail is False
    await saved_searches.forget(session, actor, saved_id=first.id)
    assert [row.id for row in (await saved_searches.kept(session, actor, now=now)).items] == [second.id]


async def test_the_same_search_is_kept_once(session: AsyncSession, now: datetime) -> None:
    actor = await _guardian(session)
    rows = [await saved_searches.save(session, actor, filters=SWIM, now=now) for _ in range(2)]
    assert rows[0].id == rows[1].id


async def test_two_tabs_keep_it_once_too(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        actor = await _guardian(session)

    async def save() -> None:
        async with committed() as session:
            await saved_searches.save(session, actor, filters=SWIM, now=now)

    await asyncio.gather(*(save() for _ in range(4)))
    async with committed() as session:
        assert len((await session.exec(select(SavedSearch))).all()) == 1


async def test_one_more_than_the_limit_is_refused(session: AsyncSession, now: datetime) -> None:
    actor = await _guardian(session)
    for number in range(SAVED_SEARCHES_MAX):
        await saved_searches.save(session, actor, filters=SearchFilters(q=str(number)), now=now)
    with pytest.raises(TooManySavedSearches):
        await saved_searches.save(session, actor, filters=SWIM, now=now)
    await saved_searches.save(session, actor, filters=SearchFilters(q="0"), now=now)


async def test_an_unknown_area_is_not_kept(session: AsyncSession, now: datetime) -> None:
    actor = await _guardian(session)
    with pytest.raises(InvalidInput):
        await saved_searches.save(session, actor, filters=SearchFilters(areas=("99999",)), now=now)


async def test_somebody_else_s_search_is_not_there(session: AsyncSession, now: datetime) -> None:
    mine, other = await _guardian(session), await _guardian(session)
    row = await saved_searches.save(session, mine, filters=SWIM, now=now)
    with pytest.raises(NotFound):
        await saved_searches.forget(session, other, saved_id=row.id)
    assert (await saved_searches.kept(session, other, now=now)).items == []


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [(None, Unauthenticated), (UserType.CHILD, ParentApprovalRequired), (UserType.SCHOOL_OWNER, Forbidden)],
)
async def test_only_guardians_keep_searches(
    session: AsyncSession, now: datetime, kind: UserType | None, refusal: type[Exception]
) -> None:
    actor = ANONYMOUS if kind is None else await make.actor_of(session, await make.make_user(session, kind))
    for work in (
        saved_searches.kept(session, actor, now=now),
        saved_searches.save(session, actor, filters=SWIM, now=now),
        saved_searches.forget(session, actor, saved_id=uuid4()),
        saved_searches.want_mail(session, actor, wanted=True, now=now),
    ):
        with pytest.raises(refusal):
            await work


async def _digest(session: AsyncSession, now: datetime) -> SavedSearchDigest | None:
    """The mail that this week's promise would send now."""
    await digests.promise(session, now=now)
    row = (await session.exec(select(OutboxMessage))).one()
    message = Claimed(row.id, row.kind, row.dedupe_key, row.recipient_user_id, row.payload, 1)
    facts = await outbox.facts_for(session, message, now=now)
    assert facts is None or isinstance(facts, SavedSearchDigest)
    return facts


async def test_the_weekly_mail_tells_new_slots_of_kept_searches(session: AsyncSession, now: datetime) -> None:
    actor = await _guardian(session)
    await saved_searches.save(session, actor, filters=SWIM, now=now)
    await saved_searches.want_mail(session, actor, wanted=True, now=now)
    lesson = await make.make_class(session, await make.make_school(session))
    saturday = (now + timedelta(days=4)).replace(hour=10)
    new = await make.make_schedule(session, lesson, start_at=saturday, created_at=now - timedelta(days=1))
    await make.make_schedule(
        session, lesson, start_at=saturday + timedelta(hours=2), created_at=now - timedelta(days=8)
    )
    await make.make_schedule(
        session, lesson, start_at=saturday + timedelta(days=1), created_at=now - timedelta(days=1)
    )
    facts = await _digest(session, now)
    assert facts is not None
    (found,) = facts.searches
    assert (found.q, found.number, [slot.start_at for slot in found.slots]) == ("水泳", 1, [new.start_at])


async def test_the_weekly_mail_keeps_to_classes_with_a_choice_of_instructors(
    session: AsyncSession, now: datetime
) -> None:
    actor = await _guardian(session)
    chosen = SearchFilters(q="水泳", instructor_choice=True)
    await saved_searches.save(session, actor, filters=chosen, now=now)
    await saved_searches.want_mail(session, actor, wanted=True, now=now)
    school = await make.make_school(session)
    saturday = (now + timedelta(days=4)).replace(hour=10)
    slots = []
    for hours, choice in ((0, False), (2, True)):
        lesson = await make.make_class(session, school, instructor_choice=choice)
        at = saturday + timedelta(hours=hours)
        slots.append(await make.make_schedule(session, lesson, start_at=at, created_at=now))
    facts = await _digest(session, now)
    assert facts is not None
    (found,) = facts.searches
    assert (found.number, [slot.start_at for slot in found.slots]) == (1, [slots[1].start_at])


async def test_nothing_new_or_no_longer_wanted_is_no_mail(session: AsyncSession, now: datetime) -> None:
    actor = await _guardian(session)
    await saved_searches.save(session, actor, filters=SWIM, now=now)
    await saved_searches.want_mail(session, actor, wanted=True, now=now)
    assert await _digest(session, now) is None
    lesson = await make.make_class(session, await make.make_school(session))
    saturday = (now + timedelta(days=4)).replace(hour=10)
    await make.make_schedule(session, lesson, start_at=saturday, created_at=now)
    assert await _digest(session, now) is not None
    await saved_searches.want_mail(session, actor, wanted=False, now=now)
    assert await _digest(session, now) is None


async def test_the_mail_is_promised_once_a_week_and_only_to_who_wants_it(
    session: AsyncSession, now: datetime
) -> None:
    wants, silent = await _guardian(session), await _guardian(session)
    for actor in (wants, silent):
        await saved_searches.save(session, actor, filters=SWIM, now=now)
    await saved_searches.want_mail(session, wants, wanted=True, now=now)
    for hours in (0, 1, 24):
        await digests.promise(session, now=now + timedelta(hours=hours))
    rows = (await session.exec(select(OutboxMessage))).all()
    assert [row.recipient_user_id for row in rows] == [wants.user_id]
    await digests.promise(session, now=now + timedelta(days=7))
    assert len((await session.exec(select(OutboxMessage))).all()) == 2


async def test_the_key_of_the_mail_stops_it_and_nothing_else(session: AsyncSession, now: datetime) -> None:
    actor = await _guardian(session)
    await saved_searches.want_mail(session, actor, wanted=True, now=now)
    row = await session.get(NotificationSetting, actor.user_id)
    assert row
    for _ in range(2):
        await digests.stop(session, key=row.stop_key, now=now)
    await session.refresh(row)
    assert (row.digest, row.reminders) == (False, True)
    with pytest.raises(NotFound):
        await digests.stop(session, key=uuid4(), now=now)
