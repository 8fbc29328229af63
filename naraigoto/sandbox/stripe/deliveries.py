"""Webhooks on their way: signed, tried again, held back, doubled and shuffled at will."""

import asyncio
import json
import random
import time

import httpx
import stripe

from naraigoto.sandbox.stripe.store import Store

# Stripe tries for three days; here nobody waits that long.
WAITS = (1, 2, 5, 10, 30, 60, 300, 900)
_PAUSE = 0.1
_TIMEOUT = 10.0


class Deliveries:
    """Sends what waits to one address."""

    def __init__(self, store: Store, target: str, secret: str) -> None:
        self._store = store
        self._target = target
        self._secret = secret

    async def run(self) -> None:
        """Send for ever."""
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
            while True:
                if not await self.send_next(client):
                    await asyncio.sleep(_PAUSE)

    async def send_next(self, client: httpx.AsyncClient) -> bool:
        """Send the first one that is due; False when there is none."""
        row = self._store.sql.execute(
            "SELECT id, event, attempts FROM deliveries WHERE state = 'waiting' AND due <= ?"
            " ORDER BY place LIMIT 1",
            (time.time(),),
        ).fetchone()
        if row is None:
            return False
        number, event, attempts = row
        answer = await self._post(client, event)
        self._note(number, attempts + 1, answer)
        return True

    async def _post(self, client: httpx.AsyncClient, event: str) -> str:
        payload = json.dumps(self._store.need(event), ensure_ascii=False, indent=2)
        # The signature carries real time whatever the customer's clock says: the receiver's clock is real.
        signature = stripe.WebhookSignature.generate_signature_header(payload, self._secret)
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json; charset=utf-8"}
        try:
            answer = await client.post(self._target, content=payload.encode(), headers=headers)
        except httpx.HTTPError as failure:
            return type(failure).__name__
        return str(answer.status_code)

    def _note(self, number: int, attempts: int, answer: str) -> None:
        if answer.startswith("2"):
            state, due = "done", 0.0
        elif attempts <= len(WAITS):
            state, due = "waiting", time.time() + WAITS[attempts - 1]
        else:
            state, due = "given_up", 0.0
        self._store.sql.execute(
            "UPDATE deliveries SET state = ?, due = ?, attempts = ?, answer = ? WHERE id = ?",
            (state, due, attempts, answer, number),
        )


def let_go(store: Store, order: str) -> None:
    """Send what was held: as it came, reversed, or shuffled."""
    held = [row[0] for row in store.sql.execute("SELECT id FROM deliveries WHERE state = 'held' ORDER BY id")]
    places = list(held)
    if order == "reverse":
        held.reverse()
    elif order == "shuffle":
        random.shuffle(held)
    for place, number in zip(places, held, strict=True):
        store.sql.execute(
            "UPDATE deliveries SET state = 'waiting', place = ?, due = 0 WHERE id = ?", (place, number)
        )


def again(store: Store, number: int) -> None:
    """Send one once more."""
    store.sql.execute(
        "UPDATE deliveries SET state = 'waiting', due = 0, attempts = 0 WHERE id = ?", (number,)
    )
