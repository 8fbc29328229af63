"""One click in a mail program ends the weekly mail, without a cookie, a sign-in or a redirect (RFC 8058)."""

from uuid import uuid4

import httpx

from naraigoto import clock
from naraigoto.models.notifications import NotificationSetting
from tests.conftest import Committed
from tests.factories import make_user


async def _wish(committed: Committed) -> NotificationSetting:
    async with committed() as session:
        user = await make_user(session)
        row = NotificationSetting(user_id=user.id, digest=True, updated_at=clock.now())
        session.add(row)
    return row


async def _digest(committed: Committed, row: NotificationSetting) -> bool:
    async with committed() as session:
        found = await session.get(NotificationSetting, row.user_id)
        assert found
        return found.digest


async def test_a_post_from_a_mail_program_stops_it_and_may_be_repeated(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    row = await _wish(committed)
    for _ in range(2):
        answer = await client.post(
            f"/unsubscribe/{row.stop_key}",
            content="List-Unsubscribe=One-Click",
            headers={"Origin": "", "Content-Type": "application/x-www-form-urlencoded"},
        )
        assert (answer.status_code, "止めました" in answer.text) == (200, True)
    assert await _digest(committed, row) is False


async def test_following_the_link_only_asks(committed: Committed, client: httpx.AsyncClient) -> None:
    row = await _wish(committed)
    answer = await client.get(f"/unsubscribe/{row.stop_key}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert '<form method="post">' in answer.text
    assert await _digest(committed, row) is True


async def test_a_key_of_nobody_is_not_there(client: httpx.AsyncClient) -> None:
    for key in (uuid4(), "x", "%00"):
        assert (await client.get(f"/unsubscribe/{key}")).status_code in {404, 422}
        assert (await client.post(f"/unsubscribe/{key}")).status_code in {404, 422}
