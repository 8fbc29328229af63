"""Whoever goes takes no way in along, and does nothing more to the family they just left (D9, D17)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, FamilyNeeded, NotFound, Unauthenticated
from naraigoto.models.accounts import User
from naraigoto.models.families import Family, FamilyInvitation, FamilyMember
from naraigoto.rules import ERASE_AFTER
from naraigoto.services import calendar, families, privacy
from naraigoto.services.actors import actor_for
from naraigoto.services.families import ChildForm
from tests.conftest import Committed
from tests.factories import NOW, actor_of, make_child, make_co_guardian, make_family, make_user

SORA = ChildForm("そら", "sora", "2580")
Work = Callable[[AsyncSession], Awaitable[object]]


@pytest.fixture
async def family(session: AsyncSession) -> Family:
    return await make_family(session)


@pytest.fixture
async def owner(session: AsyncSession, family: Family) -> Actor:
    return await actor_of(session, await session.get_one(User, family.parent_user_id))


@pytest.fixture
async def mate(session: AsyncSession, family: Family) -> Actor:
    return await actor_of(session, await make_co_guardian(session, family))


async def leads_nowhere(session: AsyncSession, token: str) -> bool:
    try:
        await calendar.behind(session, token, now=NOW)
    except NotFound:
        return True
    return False


@pytest.mark.parametrize("maker", ["mate", "owner"])
@pytest.mark.parametrize("way", ["removed", "left", "closed"])
async def test_the_calendar_address_ends_with_a_co_guardian_who_may_know_it(
    session: AsyncSession, family: Family, owner: Actor, mate: Actor, way: str, maker: str
) -> None:
    assert mate.user_id
    token = await calendar.make_address(session, mate if maker == "mate" else owner, now=NOW)
    if way == "removed":
        await families.remove(session, owner, family.id, mate.user_id, now=NOW)
    elif way == "left":
        await families.leave(session, mate, family.id, now=NOW)
    else:
        await privacy.close(session, mate, now=NOW)

    assert await leads_nowhere(session, token)
    assert await calendar.address(session, owner) is None


async def test_the_calendar_address_ends_with_an_owner_who_passes_the_family_on(
    session: AsyncSession, owner: Actor, mate: Actor
) -> None:
    token = await calendar.make_address(session, owner, now=NOW)
    await privacy.close(session, owner, now=NOW)
    assert await leads_nowhere(session, token)


async def test_the_calendar_address_ends_with_the_last_guardian(session: AsyncSession, owner: Actor) -> None:
    token = await calendar.make_address(session, owner, now=NOW)
    await privacy.close(session, owner, now=NOW)
    assert await leads_nowhere(session, token)


async def test_the_address_stays_when_a_child_or_another_familys_guardian_goes(
    session: AsyncSession, family: Family, owner: Actor
) -> None:
    token = await calendar.make_address(session, owner, now=NOW)
    child = await make_child(session, family)
    await families.remove(session, owner, family.id, child.id, now=NOW)
    other = await make_family(session)
    await privacy.close(session, await actor_for(session, other.parent_user_id), now=NOW)
    assert not await leads_nowhere(session, token)


async def test_the_address_made_anew_outlives_the_erasing_of_who_left(
    session: AsyncSession, owner: Actor, mate: Actor
) -> None:
    assert mate.user_id
    await calendar.make_address(session, mate, now=NOW)
    await privacy.close(session, mate, now=NOW)
    anew = await calendar.make_address(session, owner, now=NOW)

    assert await privacy.erase(session, mate.user_id, name="-", now=NOW + ERASE_AFTER)

    assert await calendar.address(session, owner) == anew


async def test_who_was_just_taken_out_makes_no_address(
    session: AsyncSession, family: Family, owner: Actor, mate: Actor
) -> None:
    assert mate.user_id
    await families.remove(session, owner, family.id, mate.user_id, now=NOW)
    with pytest.raises(FamilyNeeded):
        await calendar.make_address(session, mate, now=NOW)
    await families.accept(session, mate, token=await invited(session), address="192.0.2.1", now=NOW)
    with pytest.raises(NotFound):
        await calendar.make_address(session, mate, now=NOW)


async def invited(session: AsyncSession) -> str:
    """The link of another family."""
    parent = await make_user(session, email_verified_at=NOW)
    family = await make_family(session, guardian=parent)
    made = await families.invite(session, await actor_for(session, parent.id), family.id, now=NOW)
    return made.token


@pytest.mark.parametrize("what", ["add", "change", "invite", "remove"])
async def test_nobody_keeps_house_in_a_family_whose_account_was_just_closed(
    committed: Committed, what: str
) -> None:
    async with committed() as session:
        parent = await make_user(session, email_verified_at=NOW)
        family = await make_family(session, guardian=parent)
        child = await make_child(session, family)
        actor = await actor_for(session, parent.id)
    works: dict[str, Work] = {
        "add": lambda session: families.add_child(session, actor, family.id, SORA, now=NOW),
        "change": lambda session: families.change_child(
            session, actor, family.id, child.id, ChildForm(name="うみ"), now=NOW
        ),
        "invite": lambda session: families.invite(session, actor, family.id, now=NOW),
        "remove": lambda session: families.remove(session, actor, family.id, child.id, now=NOW),
    }
    closed, asked = asyncio.Event(), asyncio.Event()

    async def close() -> None:
        async with committed() as session:
            await privacy.close(session, actor, now=NOW)
            closed.set()
            await asked.wait()
            await asyncio.sleep(0.1)  # the other one has come to the lock by now

    async def keep_house() -> None:
        await closed.wait()
        async with committed() as session:
            asked.set()
            await works[what](session)

    answers = await asyncio.gather(close(), keep_house(), return_exceptions=True)

    assert [type(answer) for answer in answers] == [type(None), Unauthenticated]
    async with committed() as session:
        assert await count(session, FamilyMember) == 1
        assert await count(session, FamilyInvitation) == 0
        gone = await session.get_one(User, child.id)
        assert (gone.name, gone.erase_after) == (child.name, NOW + ERASE_AFTER)


async def count(session: AsyncSession, table: type[FamilyMember | FamilyInvitation]) -> int:
    return (await session.exec(select(func.count()).select_from(table))).one()


async def test_closing_and_adding_a_child_at_once_leave_no_child_behind(committed: Committed) -> None:
    async with committed() as session:
        family = await make_family(session)
        actor = await actor_for(session, family.parent_user_id)

    async def add() -> str:
        async def attempt(session: AsyncSession) -> None:
            await families.add_child(session, actor, family.id, SORA, now=NOW)

        try:
            await db.retrying(attempt)
        except DomainError as refusal:
            return refusal.code
        return "added"

    async def close() -> None:
        async def attempt(session: AsyncSession) -> None:
            await privacy.close(session, actor, now=NOW)

        await db.retrying(attempt)

    answer, _ = await asyncio.gather(add(), close())

    assert answer in {"added", "unauthenticated"}
    async with committed() as session:
        left = select(func.count()).select_from(User).where(col(User.deleted_at).is_(None))
        assert (await session.exec(left)).one() == 0


async def test_a_former_owner_keeps_no_house_even_with_an_old_look_at_themselves(
    session: AsyncSession, family: Family, owner: Actor, mate: Actor
) -> None:
    child = await make_child(session, family)
    await privacy.close(session, owner, now=NOW)
    for attempt in (
        families.add_child(session, owner, family.id, SORA, now=NOW + timedelta(hours=1)),
        families.change_child(session, owner, family.id, child.id, ChildForm(name="x"), now=NOW),
        families.remove(session, owner, family.id, child.id, now=NOW),
    ):
        with pytest.raises(Unauthenticated):
            await attempt
    assert mate.user_id
    heir = await actor_for(session, mate.user_id)
    assert await families.add_child(session, heir, family.id, SORA, now=NOW)
