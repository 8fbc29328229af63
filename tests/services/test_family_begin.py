"""Beginning a family (R1)."""

import asyncio
import re

import pytest
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import rules
from naraigoto.actor import ANONYMOUS
from naraigoto.errors import FamilyExists, FamilyNeeded, Forbidden, ParentApprovalRequired, Unauthenticated
from naraigoto.models.accounts import UserType
from naraigoto.models.families import Family
from naraigoto.services import families, sessions
from tests.conftest import Committed
from tests.factories import NOW, actor_of, make_child, make_co_guardian, make_family, make_user


async def test_a_guardian_begins_a_family_with_a_code_one_can_read_aloud(session: AsyncSession):
    hanako = await make_user(session)
    family = await families.begin(session, await actor_of(session, hanako), name=" 山田家\u0000 ", now=NOW)
    assert (family.owner_id, family.name) == (hanako.id, "山田家")
    assert re.fullmatch(f"[{rules.FAMILY_CODE_ALPHABET}]{{6}}", family.family_code)
    assert [person.user_id for person in family.people] == [hanako.id]
    assert not set("0O1IL") & set(rules.FAMILY_CODE_ALPHABET)


async def test_beginning_again_gives_the_same_family(session: AsyncSession):
    hanako = await make_user(session)
    first = await families.create(session, hanako.id, name="山田家", now=NOW)
    again = await families.create(session, hanako.id, name="別の名前", now=NOW)
    assert (again.id, again.name) == (first.id, "山田家")


async def test_two_clicks_at_once_make_one_family(committed: Committed):
    async with committed() as session:
        hanako = await make_user(session)

    async def begin():
        async with committed() as session:
            return (await families.create(session, hanako.id, now=NOW)).id

    assert len(set(await asyncio.gather(*[begin() for _ in range(5)]))) == 1
    async with committed() as session:
        assert (await session.exec(select(func.count()).select_from(Family))).one() == 1


async def test_a_code_in_use_is_never_given_twice(session: AsyncSession, monkeypatch: pytest.MonkeyPatch):
    # Two letters and six places leave 64 codes: nearly every draw collides at the end.
    monkeypatch.setattr("naraigoto.services.families.making.FAMILY_CODE_ALPHABET", "AB")
    made = [await families.create(session, (await make_user(session)).id, now=NOW) for _ in range(64)]
    assert len({family.family_code for family in made}) == 64


async def test_who_joined_a_family_begins_no_other(session: AsyncSession):
    taro = await make_co_guardian(session, await make_family(session))
    with pytest.raises(FamilyExists):
        await families.begin(session, await actor_of(session, taro), now=NOW)


async def test_only_guardians_begin_families(session: AsyncSession):
    child = await actor_of(session, await make_child(session, await make_family(session)))
    ito = await actor_of(session, await make_user(session, UserType.SCHOOL_OWNER))
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (child, ParentApprovalRequired), (ito, Forbidden)):
        with pytest.raises(refusal):
            await families.begin(session, actor, now=NOW)


async def test_a_guardian_without_a_family_is_told_to_begin_one(session: AsyncSession):
    alone = await actor_of(session, await make_user(session))
    for reading in (families.children(session, alone), families.own(session, alone)):
        with pytest.raises(FamilyNeeded):
            await reading


async def test_the_screen_knows_the_new_family_at_once(session: AsyncSession):
    hanako = await make_user(session)
    token = (await sessions.create(session, hanako.id, user_agent="", now=NOW)).token
    assert (await sessions.resolve_cached(session, token, now=NOW)).family_id is None
    family = await families.create(session, hanako.id, now=NOW)
    assert (await sessions.resolve_cached(session, token, now=NOW)).family_id == family.id
