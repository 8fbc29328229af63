"""An admin's hand in tickets, and the history of payments (contract.md §5)."""

from datetime import timedelta

from sqlmodel import select

from naraigoto import clock
from naraigoto.models.billing import Payment, PaymentKind, PaymentStatus
from naraigoto.models.moderation import AuditLog
from tests.api.money_desk import Desk, code


async def test_an_admin_adjusts_tickets_with_a_reason_that_the_family_reads(money_desk: Desk) -> None:
    family = str(money_desk.stage.family.id)
    body = {"family_id": family, "delta": 3, "reason": "教室の休講のおわび"}
    first = await money_desk.post("/admin/tickets/adjust", body, "admin", key="k-1")
    again = await money_desk.post("/admin/tickets/adjust", body, "admin", key="k-1")

    assert first.json() == again.json() == {"family_id": family, "delta": 3, "balance": 3}
    taken = await money_desk.post("/admin/tickets/adjust", body | {"delta": -2}, "admin")
    assert taken.json()["balance"] == 1
    told = (await money_desk.get("/me/tickets")).json()
    assert told["balance"] == 1
    assert [(line["delta"], line["reason"], line["note"]) for line in told["entries"]] == [
        (-2, "adjust", "教室の休講のおわび"),
        (3, "adjust", "教室の休講のおわび"),
    ]
    async with money_desk.committed() as session:
        audit = (await session.exec(select(AuditLog).order_by(AuditLog.at))).all()  # pyright: ignore[reportArgumentType]
    assert [(row.action, row.facts["delta"]) for row in audit] == [
        ("tickets.adjusted", 3),
        ("tickets.adjusted", -2),
    ]


async def test_an_adjustment_that_makes_no_sense_is_refused(money_desk: Desk) -> None:
    body = {"family_id": str(money_desk.stage.family.id), "delta": 1, "reason": "おわび"}

    for over, field in (
        ({"delta": 0}, "delta"),
        ({"delta": 101}, "delta"),
        ({"reason": "  "}, "reason"),
        ({"reason": "あ" * 201}, "reason"),
        ({"month": "2020-01-01"}, "month"),
        ({"family_id": "x"}, "family_id"),
    ):
        refused = await money_desk.post("/admin/tickets/adjust", body | over, "admin")
        assert code(refused) == (422, "validation_failed"), over
        assert set(refused.json()["errors"]) == {field}
    short = await money_desk.post("/admin/tickets/adjust", body | {"delta": -1}, "admin")
    assert code(short) == (409, "ticket_balance_insufficient")
    nobody = {"family_id": str(money_desk.stage.child.id)}
    assert code(await money_desk.post("/admin/tickets/adjust", body | nobody, "admin")) == (404, "not_found")


async def test_payments_are_listed_newest_first_page_by_page(money_desk: Desk) -> None:
    now = clock.now()
    async with money_desk.committed() as session:
        for number in range(3):
            payment = Payment(
                family_id=money_desk.stage.family.id,
                stripe_invoice_id=f"in_{number}",
                kind=PaymentKind.RENEWAL,
                status=PaymentStatus.PAID,
                amount=6980,
                meta={"plan": "standard", "number": f"N-{number}", "receipt_url": "https://stripe.test/r"},
                created_at=now - timedelta(days=30 * number),
                paid_at=now - timedelta(days=30 * number),
            )
            session.add(payment)

    first = (await money_desk.get("/me/payments?limit=2")).json()
    rest = (await money_desk.get(f"/me/payments?limit=2&cursor={first['next_cursor']}")).json()
    assert [item["number"] for item in first["items"] + rest["items"]] == ["N-0", "N-1", "N-2"]
    assert rest["next_cursor"] is None
    assert first["items"][0]["receipt_url"] == "https://stripe.test/r"
    assert code(await money_desk.get("/me/payments", "father")) == (403, "forbidden")
    assert code(await money_desk.get("/me/payments?cursor=x")) == (422, "validation_failed")
