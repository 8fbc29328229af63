"""Where Stripe tells us what happened (contract.md §5): verified, kept, answered; the work is a job's."""

from fastapi import APIRouter, Request

from naraigoto import db, outside
from naraigoto.adapters import payments
from naraigoto.api.deps import Now
from naraigoto.api.problems import refusals
from naraigoto.errors import SignatureInvalid
from naraigoto.services import webhooks

router = APIRouter(tags=["billing"])


def verified(body: bytes, signature: str | None) -> payments.Event:
    """The event in a raw body.

    Raises: SignatureInvalid.
    """
    try:
        return outside.payments().read_event(body, signature)
    except payments.SignatureInvalid:
        raise SignatureInvalid from None


@router.post("/webhooks/stripe", responses=refusals(SignatureInvalid))
async def receive(request: Request, now: Now) -> dict[str, bool]:
    """Keep an event that Stripe signed; one that was kept before is answered alike."""
    event = verified(await request.body(), request.headers.get("stripe-signature"))
    async with db.at_once() as connection:
        await webhooks.record(connection, event_id=event.id, kind=event.type, payload=event.payload, now=now)
    return {"received": True}
