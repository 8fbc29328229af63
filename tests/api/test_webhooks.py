"""The door for Stripe's webhooks: signed ones are kept once, others are turned away (R92)."""

import json
import time

import httpx
from sqlmodel import select

from naraigoto import clock
from naraigoto.models.billing import WebhookEvent
from tests import stripe_news as news
from tests.api.money_desk import Desk, code


async def send(money_desk: Desk, body: bytes, signature: str | None) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    if signature is not None:
        headers["Stripe-Signature"] = signature
    return await money_desk.client.post("/webhooks/stripe", content=body, headers=headers)


async def kept(money_desk: Desk) -> list[WebhookEvent]:
    async with money_desk.committed() as session:
        return list((await session.exec(select(WebhookEvent))).all())


async def test_a_signed_webhook_is_kept_once_and_answered_at_once(money_desk: Desk) -> None:
    told = news.event("invoice.paid", {"id": "in_1", "customer": "花子"}, clock.now(), "evt_1")
    body, signature = news.signed(told)

    answers = [await send(money_desk, body, signature) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    (event,) = await kept(money_desk)
    assert (event.event_id, event.type, event.processed_at) == ("evt_1", "invoice.paid", None)
    assert event.payload == told


async def test_a_webhook_that_stripe_did_not_sign_is_refused(money_desk: Desk) -> None:
    told = news.event("invoice.paid", {"id": "in_1"}, clock.now(), "evt_1")
    body, signature = news.signed(told)
    _, forged = news.signed(told, secret="whsec_other")
    _, old = news.signed(told, at=time.time() - 301)

    for wrong in (None, "", "t=1,v1=0", forged, old):
        assert code(await send(money_desk, body, wrong)) == (400, "signature_invalid")
    assert code(await send(money_desk, body.replace(b"in_1", b"in_2"), signature)) == (
        400,
        "signature_invalid",
    )
    assert await kept(money_desk) == []


async def test_a_webhook_that_is_no_event_is_refused(money_desk: Desk) -> None:
    for text in ("", "[]", "null", "{", json.dumps({"object": "event"})):
        header = news.signature(text)
        assert code(await send(money_desk, text.encode(), header)) == (400, "signature_invalid"), text
    big = b"x" * 300_000
    assert (await send(money_desk, big, "t=1,v1=0")).status_code == 413
