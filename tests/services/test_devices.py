"""「ログイン中の端末」: what is listed, and what may be ended."""

from datetime import datetime, timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import NotFound, Unauthenticated
from naraigoto.models.accounts import User
from naraigoto.services import devices, sessions, user_agents
from naraigoto.services.sessions import Opened
from tests.factories import make_child, make_co_guardian, make_family, make_user

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


async def opened(session: AsyncSession, user: User, now: datetime, agent: str = IPHONE) -> Opened:
    return await sessions.create(session, user.id, user_agent=agent, now=now)


async def holding(session: AsyncSession, device: Opened, now: datetime) -> Actor:
    return await sessions.resolve(session, device.token, now=now)


async def test_a_person_sees_their_own_devices_this_one_first(session: AsyncSession, now: datetime):
    hanako, outsider = await make_user(session), await make_user(session)
    phone = await opened(session, hanako, now)
    laptop = await opened(session, hanako, now + timedelta(hours=1), "Firefox/140.0 (X11; Linux)")
    await opened(session, outsider, now)
    found = await devices.devices(session, await holding(session, phone, now), now=now)
    assert [(each.id, each.browser, each.system, each.current) for each in found] == [
        (phone.id, "Safari", "iPhone", True),
        (laptop.id, "Firefox", "Linux", False),
    ]
    assert {each.person_name for each in found} == {""}
    assert found[0].created_at == now


async def test_devices_that_are_over_are_not_listed(session: AsyncSession, now: datetime):
    hanako = await make_user(session)
    phone, gone = await opened(session, hanako, now), await opened(session, hanako, now)
    await opened(session, hanako, now - timedelta(days=15))
    await sessions.revoke(session, gone.token, now=now)
    found = await devices.devices(session, await holding(session, phone, now), now=now)
    assert [each.id for each in found] == [phone.id]


async def test_the_owner_guardian_sees_the_childrens_devices_and_may_end_them(
    session: AsyncSession, now: datetime
):
    hanako = await make_user(session)
    family = await make_family(session, guardian=hanako)
    sora = await make_child(session, family, name="そら")
    phone, tablet = await opened(session, hanako, now), await opened(session, sora, now)
    actor = await holding(session, phone, now)
    found = await devices.devices(session, actor, now=now)
    assert [(each.id, each.person_name) for each in found] == [(phone.id, ""), (tablet.id, "そら")]
    await devices.end(session, actor, device_id=tablet.id, now=now)
    assert await holding(session, tablet, now) is ANONYMOUS


async def test_a_co_guardian_sees_only_their_own(session: AsyncSession, now: datetime):
    family = await make_family(session)
    sora = await make_child(session, family)
    taro = await make_co_guardian(session, family)
    tablet, phone = await opened(session, sora, now), await opened(session, taro, now)
    actor = await holding(session, phone, now)
    assert [each.id for each in await devices.devices(session, actor, now=now)] == [phone.id]
    with pytest.raises(NotFound):
        await devices.end(session, actor, device_id=tablet.id, now=now)


async def test_a_child_sees_neither_the_guardians_nor_the_siblings_devices(
    session: AsyncSession, now: datetime
):
    hanako = await make_user(session)
    family = await make_family(session, guardian=hanako)
    sora, riku = await make_child(session, family), await make_child(session, family, name="りく")
    phone = await opened(session, hanako, now)
    await opened(session, riku, now)
    tablet = await opened(session, sora, now)
    actor = await holding(session, tablet, now)
    assert [each.id for each in await devices.devices(session, actor, now=now)] == [tablet.id]
    with pytest.raises(NotFound):
        await devices.end(session, actor, device_id=phone.id, now=now)


async def test_a_device_in_child_mode_says_so_to_the_guardian_and_hides_the_others_from_the_child(
    session: AsyncSession, now: datetime
):
    hanako = await make_user(session)
    sora = await make_child(session, await make_family(session, guardian=hanako), name="そら")
    phone, tablet = await opened(session, hanako, now), await opened(session, hanako, now)
    turned = await sessions.rotate(session, await holding(session, tablet, now), now=now, acting_as=sora.id)
    seen = await devices.devices(session, await holding(session, phone, now), now=now)
    assert [(each.id, each.acting_as_name) for each in seen] == [(phone.id, ""), (tablet.id, "そら")]
    child = await holding(session, turned, now)
    assert child.device_of == hanako.id
    (only,) = await devices.devices(session, child, now=now)
    assert (only.id, only.current, only.person_name) == (tablet.id, True, "")


async def test_ending_a_device_twice_or_anothers_finds_nothing(session: AsyncSession, now: datetime):
    hanako, outsider = await make_user(session), await make_user(session)
    phone, old, foreign = [await opened(session, who, now) for who in (hanako, hanako, outsider)]
    actor = await holding(session, phone, now)
    await devices.end(session, actor, device_id=old.id, now=now)
    for device in (old, foreign):
        with pytest.raises(NotFound):
            await devices.end(session, actor, device_id=device.id, now=now)
    assert (await holding(session, foreign, now)).signed_in


async def test_ending_all_others_keeps_this_one_and_the_childrens(session: AsyncSession, now: datetime):
    hanako = await make_user(session)
    sora = await make_child(session, await make_family(session, guardian=hanako))
    phone, laptop, tablet = [await opened(session, who, now) for who in (hanako, hanako, sora)]
    actor = await holding(session, phone, now)
    assert await devices.end_others(session, actor, now=now) == 1
    assert await devices.end_others(session, actor, now=now) == 0
    assert await holding(session, laptop, now) is ANONYMOUS
    for kept in (phone, tablet):
        assert (await holding(session, kept, now)).signed_in


async def test_a_guest_has_no_devices(session: AsyncSession, now: datetime):
    with pytest.raises(Unauthenticated):
        await devices.devices(session, ANONYMOUS, now=now)
    with pytest.raises(Unauthenticated):
        await devices.end_others(session, ANONYMOUS, now=now)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (IPHONE, ("Safari", "iPhone")),
        ("(Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0", ("Edge", "Windows")),
        ("(Linux; Android 15) Chrome/140.0 Mobile Safari/537", ("Chrome", "Android")),
        ("Mozilla/5.0 (iPad; CPU OS 18_0) CriOS/140.0 Mobile Safari/604.1", ("Chrome", "iPad")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari Line/15.0", ("LINE", "iPhone")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Gecko/20100101 Firefox/140.0", ("Firefox", "Mac")),
        ("python-httpx/0.28", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_browsers_and_systems_are_told_in_words(said: str, known: tuple[str, str]):
    assert user_agents.read(said) == known
