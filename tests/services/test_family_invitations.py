"""One more guardian comes in by a link that works once and expires (R7, G6)."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import rules
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import (
    DomainError,
    EmailUnverified,
    FamilyExists,
    FamilyFull,
    FamilyNeeded,
    Forbidden,
    InvitationExpired,
    InvitationsOpen,
    LinkUnusable,
    NotFound,
    ParentApprovalRequired,
    RateLimited,
    Unauthenticated,
)
from naraigoto.models.accounts import User, UserType
from naraigoto.models.families import Family, FamilyGuardian, FamilyInvitation
from naraigoto.models.likes import Like
from naraigoto.models.notifications import OutboxMessage
from naraigoto.services import families, sessions
from naraigoto.services.outbox import LOADERS
from tests.conftest import Committed
from tests.factories import (
    NOW,
    actor_of,
    grant_tickets,
    make_child,
    make_co_guardian,
    make_family,
    make_school,
    make_user,
)

HOME = "192.0.2.1"


@pytest.fixture
async def family(session: AsyncSession) -> Family:
    return await make_family(session, name="山田家")


@pytest.fixture
async def owner(session: AsyncSession, family: Family) -> Actor:
    return await verified(session, await session.get_one(User, family.parent_user_id))


async def verified(session: AsyncSession, user: User) -> Actor:
    """As a session would give it: the address is proved."""
    opened = await sessions.create(session, user.id, user_agent="", now=NOW)
    return await sessions.resolve(session, opened.token, now=NOW)


async def invite(session: AsyncSession, owner: Actor, **over: Any) -> str:
    assert owner.family_id
    return (await families.invite(session, owner, owner.family_id, **({"now": NOW} | over))).token


async def accept(session: AsyncSession, actor: Actor, token: str, **over: Any) -> UUID:
    return await families.accept(session, actor, token=token, **({"address": HOME, "now": NOW} | over))


async def guardians(session: AsyncSession, family: Family) -> set[UUID]:
    joined = select(FamilyGuardian.user_id).where(FamilyGuardian.family_id == family.id)
    return set((await session.exec(joined)).all())


async def test_the_other_parent_joins_by_the_link(session: AsyncSession, family: Family, owner: Actor):
    taro = await verified(session, await make_user(session, name="太郎"))
    token = await invite(session, owner)
    shown = await families.look(session, ANONYMOUS, token=token, address=HOME, now=NOW)
    assert (shown.family_name, shown.invited_by, shown.joined) == ("山田家", "花子", False)
    assert shown.expires_at == NOW + timedelta(days=7)
    assert await accept(session, taro, token) == family.id
    assert await guardians(session, family) == {taro.user_id}
    assert taro.user_id
    joined = await actor_of(session, await session.get_one(User, taro.user_id))
    assert (joined.family_id, joined.owns_family) == (family.id, False)
    assert await families.open_invitations(session, owner, family.id, now=NOW) == []


async def test_only_the_hash_of_the_link_is_stored(session: AsyncSession, owner: Actor):
    token = await invite(session, owner)
    row = (await session.exec(select(FamilyInvitation))).one()
    assert token not in repr(row)
    assert len(token) >= 43


async def test_a_link_works_once(session: AsyncSession, family: Family, owner: Actor):
    taro, jiro = [await verified(session, await make_user(session)) for _ in range(2)]
    token = await invite(session, owner)
    await accept(session, taro, token)
    with pytest.raises(LinkUnusable):
        await accept(session, jiro, token)
    assert await accept(session, taro, token) == family.id  # who is in already is simply there
    assert await guardians(session, family) == {taro.user_id}


async def test_two_who_open_the_link_at_once_are_not_both_let_in(committed: Committed):
    async with committed() as session:
        family = await make_family(session)
        owner = await verified(session, await session.get_one(User, family.parent_user_id))
        people = [await verified(session, await make_user(session)) for _ in range(4)]
        token = await invite(session, owner)

    async def join(actor: Actor) -> object:
        try:
            async with committed() as session:
                return await accept(session, actor, token)
        except LinkUnusable as refused:
            return type(refused)

    answers = await asyncio.gather(*map(join, people))
    assert sorted(map(str, answers)) == sorted(map(str, [family.id, *[LinkUnusable] * 3]))
    async with committed() as session:
        assert len(await guardians(session, family)) == 1


async def test_two_owners_who_accept_each_others_links_do_not_wait_forever(committed: Committed):
    async with committed() as session:
        owners = [
            await verified(session, await session.get_one(User, (await make_family(session)).parent_user_id))
            for _ in range(2)
        ]
        tokens = [await invite(session, owner) for owner in owners]

    async def join(actor: Actor, token: str) -> str:
        try:
            async with committed() as session:
                await accept(session, actor, token)
        except DomainError as refused:
            return refused.code
        return "joined"

    answers = await asyncio.gather(join(owners[0], tokens[1]), join(owners[1], tokens[0]))
    # One family is dissolved into the other; then the second link leads nowhere, or to a family with people.
    assert answers.count("joined") == 1


async def test_an_old_link_says_that_it_is_too_old(session: AsyncSession, owner: Actor):
    taro = await verified(session, await make_user(session))
    token = await invite(session, owner)
    late = NOW + rules.INVITATION_LIFETIME
    for attempt in (
        accept(session, taro, token, now=late),
        families.look(session, ANONYMOUS, token=token, address=HOME, now=late),
    ):
        with pytest.raises(InvitationExpired):
            await attempt
    just = late - timedelta(seconds=1)
    assert await families.look(session, ANONYMOUS, token=token, address=HOME, now=just)


async def test_a_link_taken_back_leads_nowhere(session: AsyncSession, family: Family, owner: Actor):
    taro = await verified(session, await make_user(session))
    made = await families.invite(session, owner, family.id, now=NOW)
    for _ in range(2):
        await families.take_back(session, owner, family.id, made.id, now=NOW)
    with pytest.raises(LinkUnusable) as refused:
        await accept(session, taro, made.token)
    assert type(refused.value) is LinkUnusable
    assert await families.open_invitations(session, owner, family.id, now=NOW) == []


async def test_after_ten_wrong_entries_one_waits_even_with_the_right_link(
    session: AsyncSession, owner: Actor
):
    token = await invite(session, owner)
    for number in range(rules.CODE_ENTRIES.count):
        with pytest.raises(LinkUnusable):
            await families.look(session, ANONYMOUS, token=f"guess{number}", address=HOME, now=NOW)
    with pytest.raises(RateLimited) as refused:
        await families.look(session, ANONYMOUS, token=token, address=HOME, now=NOW)
    assert 0 < int(str(refused.value.facts["retry_after"])) <= 15 * 60 + 1
    assert await families.look(session, ANONYMOUS, token=token, address="198.51.100.7", now=NOW)


async def test_inviting_reaches_others_so_the_address_must_be_proved(session: AsyncSession):
    hanako = await make_user(session, email_verified_at=None)
    family = await make_family(session, guardian=hanako)
    with pytest.raises(EmailUnverified):
        await invite(session, await verified(session, hanako))
    assert await families.children(session, await verified(session, hanako)) == []
    assert family


async def test_at_most_five_links_wait_and_four_guardians_are_in(
    session: AsyncSession, family: Family, owner: Actor
):
    tokens = [await invite(session, owner) for _ in range(rules.INVITATIONS_OPEN_MAX)]
    with pytest.raises(InvitationsOpen):
        await invite(session, owner)
    for token in tokens[:3]:
        await accept(session, await verified(session, await make_user(session)), token)
    with pytest.raises(FamilyFull):
        await accept(session, await verified(session, await make_user(session)), tokens[3])
    with pytest.raises(FamilyFull):
        await invite(session, owner)
    assert len(await guardians(session, family)) == rules.GUARDIANS_MAX - 1


async def test_an_empty_family_of_ones_own_is_dissolved_and_likes_move_along(
    session: AsyncSession, family: Family, owner: Actor
):
    taro = await make_user(session)
    empty = await make_family(session, guardian=taro)
    session.add(Like(user_id=taro.id, school_id=(await make_school(session)).id, family_id=empty.id))
    actor = await verified(session, taro)
    await invite(session, actor)  # a link into the family that goes
    await accept(session, actor, await invite(session, owner))
    remaining = (await session.exec(select(Family.id))).all()
    assert list(remaining) == [family.id]
    assert (await session.exec(select(Like.family_id))).one() == family.id


@pytest.mark.parametrize("held", ["child", "guardian", "tickets", "customer", "joined"])
async def test_a_family_with_people_or_money_is_never_dissolved(
    session: AsyncSession, family: Family, owner: Actor, held: str
):
    taro = await make_user(session)
    if held == "joined":
        taro = await make_co_guardian(session, await make_family(session))
    else:
        own = await make_family(
            session, guardian=taro, stripe_customer_id="cus_1" if held == "customer" else None
        )
        if held == "child":
            await make_child(session, own)
        elif held == "guardian":
            await make_co_guardian(session, own)
        elif held == "tickets":
            await grant_tickets(session, own)
    before = (await session.exec(select(func.count()).select_from(Family))).one()
    token = await invite(session, owner)
    with pytest.raises(FamilyExists):
        await accept(session, await verified(session, taro), token)
    assert (await session.exec(select(func.count()).select_from(Family))).one() == before
    assert len(await families.open_invitations(session, owner, family.id, now=NOW)) == 1


async def test_only_guardians_come_in_by_the_link(session: AsyncSession, owner: Actor):
    child = await make_child(session, await make_family(session))
    token = await invite(session, owner)
    for actor, refusal in (
        (ANONYMOUS, Unauthenticated),
        (await actor_of(session, child), ParentApprovalRequired),
        (await actor_of(session, await make_user(session, UserType.SCHOOL_OWNER)), Forbidden),
        (await actor_of(session, await make_user(session, UserType.ADMIN)), Forbidden),
    ):
        with pytest.raises(refusal):
            await accept(session, actor, token)


async def test_invitations_are_the_owners_business(session: AsyncSession, family: Family, owner: Actor):
    made = await families.invite(session, owner, family.id, now=NOW)
    other = await make_family(session)
    people: list[tuple[Actor, type[DomainError]]] = [
        (ANONYMOUS, Unauthenticated),
        (await actor_of(session, await make_child(session, family)), ParentApprovalRequired),
        (await verified(session, await make_co_guardian(session, family)), Forbidden),
        (await verified(session, await session.get_one(User, other.parent_user_id)), NotFound),
        (await verified(session, await make_user(session)), FamilyNeeded),
        (await verified(session, await make_user(session, UserType.SCHOOL_OWNER)), Forbidden),
    ]
    for actor, refusal in people:
        for attempt in (
            families.invite(session, actor, family.id, now=NOW),
            families.open_invitations(session, actor, family.id, now=NOW),
            families.take_back(session, actor, family.id, made.id, now=NOW),
        ):
            with pytest.raises(refusal):
                await attempt
    theirs = await verified(session, await session.get_one(User, other.parent_user_id))
    with pytest.raises(NotFound):
        await families.take_back(session, theirs, other.id, made.id, now=NOW)
    assert len(await families.open_invitations(session, owner, family.id, now=NOW)) == 1


async def test_a_co_guardian_leaves_and_may_come_back(session: AsyncSession, family: Family, owner: Actor):
    taro = await make_co_guardian(session, family)
    await families.leave(session, await actor_of(session, taro), family.id, now=NOW)
    alone = await actor_of(session, taro)
    assert alone.family_id is None
    with pytest.raises(FamilyNeeded):
        await families.leave(session, alone, family.id, now=NOW)
    await accept(session, alone, await invite(session, owner))
    assert await guardians(session, family) == {taro.id}


async def test_the_owner_does_not_leave(session: AsyncSession, family: Family, owner: Actor):
    with pytest.raises(Forbidden):
        await families.leave(session, owner, family.id, now=NOW)
    stranger = await actor_of(session, await make_co_guardian(session, await make_family(session)))
    with pytest.raises(NotFound):
        await families.leave(session, stranger, family.id, now=NOW)


async def test_the_owner_is_told_who_came_unless_they_have_left_again(
    session: AsyncSession, family: Family, owner: Actor
):
    taro = await make_user(session, name="太郎")
    actor = await verified(session, taro)
    token = await invite(session, owner)
    for _ in range(2):
        await accept(session, actor, token)
    letter = (await session.exec(select(OutboxMessage))).one()
    assert (letter.kind, letter.recipient_user_id) == ("guardian_joined", owner.user_id)
    assert "太郎" not in str(letter.payload)
    loader = next(load for kind, load in LOADERS.items() if kind == "guardian_joined")
    facts: Any = await loader(session, letter.recipient_user_id, letter.payload, NOW)
    assert (facts.owner, facts.joined) == ("花子", "太郎")
    await families.leave(session, await actor_of(session, taro), family.id, now=NOW)
    assert await loader(session, letter.recipient_user_id, letter.payload, NOW) is None
