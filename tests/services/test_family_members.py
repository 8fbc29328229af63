"""Children of a family: added, changed and removed by the owner guardian (D9, D17)."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, rules
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import (
    CredentialsWrong,
    DomainError,
    FamilyFull,
    FamilyNeeded,
    Forbidden,
    InvalidInput,
    NotFound,
    ParentApprovalRequired,
    Unauthenticated,
)
from naraigoto.models.accounts import User, UserType
from naraigoto.models.bookings import Booking, BookingStatus
from naraigoto.models.families import Family, FamilyGuardian
from naraigoto.models.privacy import Consent, ConsentDocument
from naraigoto.services import accounts, families, passwords, sessions
from naraigoto.services.families import ChildForm
from tests.conftest import Committed
from tests.factories import NOW, actor_of, make_child, make_co_guardian, make_family, make_user
from tests.stage import set_stage

SORA = ChildForm("そら", "sora", "2580", date(2018, 5, 14), "水泳")


@pytest.fixture
async def family(session: AsyncSession) -> Family:
    return await make_family(session)


@pytest.fixture
async def owner(session: AsyncSession, family: Family) -> Actor:
    return await actor_of(session, await session.get_one(User, family.parent_user_id))


async def sign_in(session: AsyncSession, family: Family, login_name: str, passcode: str) -> Any:
    known = await accounts.known_by_login_name(session, family_code=family.family_code, login_name=login_name)
    return await accounts.sign_in(session, await accounts.prove(known, passcode), now=NOW)


async def test_a_child_gets_a_place_of_its_own_and_comes_in(
    session: AsyncSession, family: Family, owner: Actor
):
    sora = await families.add_child(session, owner, family.id, SORA, now=NOW)
    assert (sora.name, sora.type, sora.login_name, sora.birth_month, sora.interests) == (
        "そら",
        UserType.CHILD,
        "sora",
        date(2018, 5, 1),  # never the day (D17)
        "水泳",
    )
    signed_in = await sign_in(session, family, "ＳＯＲＡ", "２５８０")
    assert (signed_in.user.id, signed_in.user.family_id, signed_in.user.email) == (
        sora.user_id,
        family.id,
        None,
    )


@pytest.mark.parametrize(
    ("written", "kept"),
    [("山田\u3000花", "山田 花"), (" そ\tら\u200b ", "そ ら"), ("👦\u200d🦰そら", "👦🦰そら")],
)
async def test_every_space_in_a_childs_name_is_one_space(
    session: AsyncSession, family: Family, owner: Actor, written: str, kept: str
):
    sora = await families.add_child(
        session, owner, family.id, ChildForm(written, "sora", "2580", interests="水泳\u3000ピアノ"), now=NOW
    )
    assert (sora.name, sora.interests) == (kept, "水泳 ピアノ")


async def test_adding_a_child_notes_the_consent_once_with_its_time(
    session: AsyncSession, family: Family, owner: Actor
):
    assert not await families.consented(session, owner)
    await families.add_child(session, owner, family.id, SORA, now=NOW)
    later = NOW + timedelta(days=1)
    await families.add_child(session, owner, family.id, ChildForm("うみ", "umi", "8642"), now=later)
    notes = (await session.exec(select(Consent).where(Consent.user_id == owner.user_id))).all()
    assert [(note.document, note.version, note.created_at) for note in notes] == [
        (ConsentDocument.CHILD_PROFILE, rules.CHILD_PROFILE_VERSION, NOW)
    ]
    assert await families.consented(session, owner)


@pytest.mark.parametrize(
    ("over", "wrong"),
    [
        ({"name": " \u3000 "}, {"name": "required"}),
        ({"name": "あ" * 41}, {"name": "too_long"}),
        ({"name": None, "login_name": None}, {"name": "required", "login_name": "required"}),
        ({"login_name": "so ra"}, {"login_name": "login_name"}),
        ({"login_name": "-sora"}, {"login_name": "login_name"}),
        ({"login_name": "a" * 21}, {"login_name": "too_long"}),
        ({"passcode": ""}, {"passcode": "required"}),
        ({"passcode": "258"}, {"passcode": "passcode_length"}),
        ({"passcode": "2" * 6 + "5" * 7}, {"passcode": "passcode_length"}),
        ({"passcode": "ひみつの"}, {"passcode": "passcode"}),
        *[({"passcode": code}, {"passcode": "passcode_easy"}) for code in ("0000", "1234", "9876", "8901")],
        ({"passcode": "SORA"}, {"passcode": "passcode_easy"}),
        ({"passcode": "2018"}, {"passcode": "passcode_easy"}),
        ({"birth_date": date(2026, 12, 1)}, {"birth_date": "birth"}),
        ({"birth_date": date(2007, 5, 1)}, {"birth_date": "birth"}),
        ({"interests": "水" * 201}, {"interests": "too_long"}),
    ],
    ids=str,
)
async def test_what_no_rule_accepts_is_named_field_by_field(
    session: AsyncSession, family: Family, owner: Actor, over: dict[str, Any], wrong: dict[str, str]
):
    written = {
        "name": "そら",
        "login_name": "sora",
        "passcode": "2580",
        "birth_date": date(2018, 5, 14),
    } | over
    with pytest.raises(InvalidInput) as refused:
        await families.add_child(session, owner, family.id, ChildForm(**written), now=NOW)
    assert refused.value.facts["fields"] == wrong
    assert await families.children(session, owner) == []


async def test_a_login_name_is_one_childs_in_its_family_whatever_the_case(
    session: AsyncSession, family: Family, owner: Actor
):
    await families.add_child(session, owner, family.id, SORA, now=NOW)
    with pytest.raises(InvalidInput) as refused:
        await families.add_child(session, owner, family.id, ChildForm("空", "Sora", "8642"), now=NOW)
    assert refused.value.facts["fields"] == {"login_name": "login_name_taken"}
    other = await make_family(session)
    theirs = await actor_of(session, await session.get_one(User, other.parent_user_id))
    await families.add_child(session, theirs, other.id, SORA, now=NOW)


async def test_children_write_their_login_name_in_kana_too(
    session: AsyncSession, family: Family, owner: Actor
):
    await families.add_child(session, owner, family.id, ChildForm("そら", "そら", "2580"), now=NOW)
    assert (await sign_in(session, family, "そら", "2580")).user.name == "そら"


async def test_two_clicks_at_once_add_one_child(committed: Committed):
    async with committed() as session:
        family = await make_family(session)
        owner = await actor_of(session, await session.get_one(User, family.parent_user_id))

    async def add() -> object:
        try:
            async with committed() as session:
                return await families.add_child(session, owner, family.id, SORA, now=NOW)
        except InvalidInput as refused:
            return refused.facts["fields"]

    answers = await asyncio.gather(*[add() for _ in range(4)])
    assert answers.count({"login_name": "login_name_taken"}) == 3
    async with committed() as session:
        children = select(func.count()).select_from(User).where(col(User.type) == UserType.CHILD)
        assert (await session.exec(children)).one() == 1


async def test_a_family_has_ten_children_at_most(session: AsyncSession, family: Family, owner: Actor):
    for _ in range(rules.CHILDREN_MAX):
        await make_child(session, family)
    with pytest.raises(FamilyFull) as refused:
        await families.add_child(session, owner, family.id, SORA, now=NOW)
    assert refused.value.facts == {"limit": 10}


async def test_only_what_is_written_changes(session: AsyncSession, family: Family, owner: Actor):
    sora = await families.add_child(session, owner, family.id, SORA, now=NOW)
    changed = await families.change_child(
        session, owner, family.id, sora.user_id, ChildForm(name="空"), now=NOW
    )
    assert (changed.name, changed.login_name, changed.birth_month, changed.interests) == (
        "空",
        "sora",
        sora.birth_month,
        "水泳",
    )
    changed = await families.change_child(
        session, owner, family.id, sora.user_id, ChildForm(login_name="SORA", interests=""), now=NOW
    )
    assert (changed.login_name, changed.interests) == ("SORA", "")
    assert await sign_in(session, family, "sora", "2580")


async def test_a_new_passcode_ends_the_childs_sessions(session: AsyncSession, family: Family, owner: Actor):
    sora = await families.add_child(session, owner, family.id, SORA, now=NOW)
    before = await sign_in(session, family, "sora", "2580")
    await families.change_child(session, owner, family.id, sora.user_id, ChildForm(passcode="8642"), now=NOW)
    assert await sessions.resolve(session, before.session_token, now=NOW) is ANONYMOUS
    with pytest.raises(CredentialsWrong):
        await sign_in(session, family, "sora", "2580")
    assert await sign_in(session, family, "sora", "8642")


@pytest.mark.parametrize("passcode", ["sora", "2018"])
async def test_an_easy_passcode_is_seen_by_what_was_known_before(
    session: AsyncSession, family: Family, owner: Actor, passcode: str
):
    sora = await families.add_child(session, owner, family.id, SORA, now=NOW)
    with pytest.raises(InvalidInput) as refused:
        await families.change_child(
            session, owner, family.id, sora.user_id, ChildForm(passcode=passcode), now=NOW
        )
    assert refused.value.facts["fields"] == {"passcode": "passcode_easy"}


async def test_a_removed_child_is_out_at_once_and_erased_later(
    session: AsyncSession, family: Family, owner: Actor
):
    sora = await families.add_child(session, owner, family.id, SORA, now=NOW)
    inside = await sign_in(session, family, "sora", "2580")
    await families.remove(session, owner, family.id, sora.user_id, now=NOW)
    assert await sessions.resolve(session, inside.session_token, now=NOW) is ANONYMOUS
    with pytest.raises(CredentialsWrong):
        await sign_in(session, family, "sora", "2580")
    row = await session.get_one(User, sora.user_id, populate_existing=True)
    assert (row.deleted_at, row.erase_after) == (NOW, NOW + rules.ERASE_AFTER)
    assert await families.children(session, owner) == []
    with pytest.raises(NotFound):
        await families.remove(session, owner, family.id, sora.user_id, now=NOW)
    await families.add_child(session, owner, family.id, SORA, now=NOW)  # the name is free again


async def test_removing_a_child_cancels_its_coming_lessons_and_gives_the_tickets_back(session: AsyncSession):
    stage = await set_stage(session, tickets=4)
    booked = await stage.book()
    await families.remove(session, stage.actor, stage.family.id, stage.child.id, now=NOW)
    row = await session.get_one(Booking, booked.id, populate_existing=True)
    assert row.status is BookingStatus.CANCELLED
    assert await stage.tickets() == 4


async def test_a_co_guardian_is_shown_out_together_with_the_devices_lent_to_children(
    session: AsyncSession, family: Family, owner: Actor
):
    child = await make_child(session, family)
    taro = await make_co_guardian(session, family)
    lent = await sessions.create(session, taro.id, user_agent="", now=NOW)
    actor = await sessions.resolve(session, lent.token, now=NOW)
    acting = await sessions.rotate(session, actor, now=NOW, acting_as=child.id)
    own = await sessions.create(session, taro.id, user_agent="", now=NOW)
    await families.remove(session, owner, family.id, taro.id, now=NOW)
    assert await sessions.resolve(session, acting.token, now=NOW) is ANONYMOUS
    assert (await sessions.resolve(session, own.token, now=NOW)).family_id is None
    assert (await session.exec(select(func.count()).select_from(FamilyGuardian))).one() == 0


async def test_the_owner_cannot_be_taken_out(session: AsyncSession, family: Family, owner: Actor):
    assert owner.user_id
    with pytest.raises(Forbidden):
        await families.remove(session, owner, family.id, owner.user_id, now=NOW)


async def test_members_are_the_owners_business(session: AsyncSession, family: Family):
    child = await make_child(session, family)
    other = await make_family(session)
    people: list[tuple[Actor, type[DomainError]]] = [
        (ANONYMOUS, Unauthenticated),
        (await actor_of(session, child), ParentApprovalRequired),
        (await actor_of(session, await make_co_guardian(session, family)), Forbidden),
        (await actor_of(session, await session.get_one(User, other.parent_user_id)), NotFound),
        (await actor_of(session, await make_user(session)), FamilyNeeded),
        (await actor_of(session, await make_user(session, UserType.SCHOOL_OWNER)), Forbidden),
        (await actor_of(session, await make_user(session, UserType.ADMIN)), Forbidden),
    ]
    for actor, refusal in people:
        for attempt in (
            families.add_child(session, actor, family.id, SORA, now=NOW),
            families.change_child(session, actor, family.id, child.id, ChildForm(name="x"), now=NOW),
            families.remove(session, actor, family.id, child.id, now=NOW),
        ):
            with pytest.raises(refusal):
                await attempt


async def test_another_familys_child_cannot_be_reached_through_ones_own_family(
    session: AsyncSession, family: Family, owner: Actor
):
    theirs = await make_child(session, await make_family(session))
    for attempt in (
        families.change_child(session, owner, family.id, theirs.id, ChildForm(name="x"), now=NOW),
        families.remove(session, owner, family.id, theirs.id, now=NOW),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_guardians_read_more_of_a_child_than_its_brother(
    session: AsyncSession, family: Family, owner: Actor
):
    sora = await families.add_child(session, owner, family.id, SORA, now=NOW)
    brother = await actor_of(session, await make_child(session, family, name="うみ"))
    taro = await actor_of(session, await make_co_guardian(session, family))
    for actor, login_name in ((owner, "sora"), (taro, "sora"), (brother, None)):
        seen = await families.get(session, actor, family.id)
        row = next(person for person in seen.people if person.user_id == sora.user_id)
        assert (row.name, row.login_name) == ("そら", login_name)
        assert (row.birth_month is None) == (login_name is None)
        assert [person.type for person in seen.people] == [
            UserType.PARENT,
            UserType.PARENT,
            UserType.CHILD,
            UserType.CHILD,
        ]
        assert seen.people[0].user_id == seen.owner_id == family.parent_user_id


async def test_passcodes_are_stored_as_hashes(session: AsyncSession, family: Family, owner: Actor):
    await families.add_child(session, owner, family.id, SORA, now=clock.now())
    known = await accounts.known_by_login_name(session, family_code=family.family_code, login_name="sora")
    assert known.secret_hash
    assert known.secret_hash.startswith("$argon2id$")
    assert passwords.verify_secret(known.secret_hash, "2580")
