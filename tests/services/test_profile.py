"""One's own account as /settings shows it, and one's own name."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS
from naraigoto.errors import Forbidden, InvalidInput, ParentApprovalRequired, Unauthenticated
from naraigoto.models.accounts import User, UserType
from naraigoto.models.billing import PlanId, Subscription, SubscriptionStatus
from naraigoto.models.moderation import AuditLog
from naraigoto.models.privacy import Consent, ConsentDocument
from naraigoto.services import privacy, profile
from tests import factories as make


async def test_a_grown_up_sees_address_proof_and_consents(session: AsyncSession, now: datetime) -> None:
    user = await make.make_user(session, email="hanako@example.com", pending_email="new@example.com")
    await make.give_password(session, user)
    for version, days in (("2026-04-01", 2), ("2026-10-01", 1)):
        at = now - timedelta(days=days)
        session.add(Consent(user_id=user.id, document=ConsentDocument.TERMS, version=version, created_at=at))
    await session.flush()

    own = await profile.get(session, await make.actor_of(session, user))

    assert (own.email, own.verified, own.pending_email) == ("hanako@example.com", True, "new@example.com")
    assert (own.has_password, own.login_name, own.family_code) == (True, "", "")
    assert [row.version for row in own.consents] == ["2026-10-01", "2026-04-01"]


async def test_a_child_sees_its_way_in_and_no_address(session: AsyncSession) -> None:
    family = await make.make_family(session, family_code="SORA01")
    child = await make.make_child(session, family, login_name="sora")
    own = await profile.get(session, await make.actor_of(session, child))
    assert (own.name, own.email, own.login_name, own.family_code) == ("そら", "", "sora", "SORA01")


async def test_who_comes_from_a_provider_has_no_password_here(session: AsyncSession) -> None:
    own = await profile.get(session, await make.actor_of(session, await make.make_user(session)))
    assert not own.has_password


async def test_a_name_is_tidied_kept_and_noted_once(session: AsyncSession, now: datetime) -> None:
    user, other = await make.make_user(session), await make.make_user(session)
    actor = await make.actor_of(session, user)
    for _ in range(2):
        assert await profile.rename(session, actor, "　ＨＡＮＡ ", now=now) == "HANA"
    assert (await session.get_one(User, user.id, populate_existing=True)).name == "HANA"
    assert (await session.get_one(User, other.id, populate_existing=True)).name == "花子"
    [line] = (await session.exec(select(AuditLog))).all()
    assert (line.action, line.thing_id, line.facts) == ("account.renamed", user.id, {})


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("👨\u200d👩\u200d👧 はな", "👨👩👧 はな"),
        ("山田\u3000 花子", "山田 花子"),
        ("a\x00b", "ab"),
        ("\u202eはな\n子", "はな 子"),
    ],
)
async def test_what_cannot_be_read_falls_out_of_a_name(
    session: AsyncSession, now: datetime, written: str, kept: str
) -> None:
    user = await make.make_user(session)
    assert await profile.rename(session, await make.actor_of(session, user), written, now=now) == kept


@pytest.mark.parametrize("name", ["", "   ", "あ" * 41, "\x00\u202e"])
async def test_what_is_no_name_is_refused(session: AsyncSession, now: datetime, name: str) -> None:
    user = await make.make_user(session)
    with pytest.raises(InvalidInput):
        await profile.rename(session, await make.actor_of(session, user), name, now=now)
    assert (await session.get_one(User, user.id, populate_existing=True)).name == "花子"


async def test_a_child_is_named_by_a_guardian_and_a_guest_by_nobody(
    session: AsyncSession, now: datetime
) -> None:
    child = await make.actor_of(session, await make.make_child(session, await make.make_family(session)))
    with pytest.raises(ParentApprovalRequired):
        await profile.rename(session, child, "うみ", now=now)
    with pytest.raises(Unauthenticated):
        await profile.rename(session, ANONYMOUS, "うみ", now=now)
    with pytest.raises(Unauthenticated):
        await profile.get(session, ANONYMOUS)


async def test_before_closing_the_last_guardian_is_told_what_goes_along(
    session: AsyncSession, now: datetime
) -> None:
    booked = await make.make_booked(session)
    actor = await make.actor_of(session, booked.guardian)
    assert await privacy.outlook(session, actor, now=now) == privacy.Outlook(children=1, lessons=1, ends=True)
    mate = await make.make_co_guardian(session, booked.family)
    assert await privacy.outlook(session, actor, now=now) == privacy.Outlook(heir="太郎", goes_on=True)
    of_mate = await privacy.outlook(session, await make.actor_of(session, mate), now=now)
    assert of_mate == privacy.Outlook(goes_on=True)
    of_school = await privacy.outlook(session, await make.actor_of(session, booked.owner), now=now)
    assert (of_school.ends, of_school.goes_on) == (False, False)


async def test_before_closing_one_is_told_what_keeps_one_here(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)
    session.add(
        Subscription(
            family_id=booked.family.id,
            stripe_subscription_id="sub",
            plan=PlanId.LIGHT,
            status=SubscriptionStatus.ON_HOLD,
        )
    )
    await session.flush()
    assert (await privacy.outlook(session, await make.actor_of(session, booked.guardian), now=now)).plan
    assert (await privacy.outlook(session, await make.actor_of(session, booked.owner), now=now)).schools == 1
    admin = await make.make_user(session, UserType.ADMIN)
    for person, refusal in ((booked.child, ParentApprovalRequired), (admin, Forbidden)):
        with pytest.raises(refusal):
            await privacy.outlook(session, await make.actor_of(session, person), now=now)
