"""From services to words: what /tickets shows of balance, plan, ledger and payments."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from naraigoto import clock
from naraigoto.rules import TICKETS_EXPIRING_WITHIN
from naraigoto.services import billing, tickets
from naraigoto.texts import plan_names
from naraigoto.texts import tickets as texts
from naraigoto.texts.dates import full_date
from naraigoto.texts.plans import yen

LIVE = {billing.SubscriptionStatus.ACTIVE, billing.SubscriptionStatus.ON_HOLD}


@dataclass(frozen=True)
class Bucket:
    """The tickets of a month."""

    month: str
    count: str
    until: str
    soon: bool


@dataclass(frozen=True)
class PlanCard:
    """The plan; empty when there is none."""

    live: bool = False
    name: str = ""
    status: str = ""
    line: str = ""
    renews: str = ""
    next_plan: str = ""
    ending: bool = False
    can_manage: bool = False
    cancel_text: str = ""


@dataclass(frozen=True)
class Notice:
    """Something to be told; `action` is the button it carries."""

    text: str
    tone: str
    action: Literal["", "card", "undo"] = ""


@dataclass(frozen=True)
class Line:
    """One movement."""

    id: str
    day: str
    what: str
    note: str
    moved: str
    plus: bool
    href: str


@dataclass(frozen=True)
class Paid:
    """One payment."""

    id: str
    day: str
    what: str
    amount: str
    status: str
    failed: bool
    receipt: str
    receipt_label: str


def bucket_of(each: tickets.MonthBucket, *, now: datetime) -> Bucket:
    """The tickets of a month, and whether they are about to end."""
    soon = clock.jst_date(now + TICKETS_EXPIRING_WITHIN)
    return Bucket(
        texts.month(each.month),
        texts.count(each.balance),
        texts.until(each.expires_on),
        each.expires_on <= soon,
    )


def plan_of(view: billing.PlanView) -> PlanCard:
    """The plan as its card says it; an ended one is none."""
    if view.plan is None or view.status is None or view.status not in LIVE:
        return PlanCard(can_manage=view.can_manage)
    return PlanCard(
        live=True,
        name=plan_names.name(view.plan),
        status=texts.STATUS[view.status],
        line=texts.plan_line(view.amount, view.tickets_per_month),
        renews=texts.renews(view.renews_on),
        next_plan=texts.next_plan(view.next_plan) if view.next_plan else "",
        ending=view.cancel_scheduled,
        can_manage=view.can_manage,
        cancel_text=texts.cancel_text(
            view.renews_on,
            on_hold=view.status is billing.SubscriptionStatus.ON_HOLD,
            pending=view.pending,
        ),
    )


def notice_of(banner: billing.Banner, view: billing.PlanView) -> Notice:
    """What a banner says, and the button that the owner guardian gets."""
    match banner.kind:
        case billing.BannerKind.ON_HOLD if view.can_manage:
            return Notice(texts.ON_HOLD, "error", "card")
        case billing.BannerKind.ON_HOLD:
            return Notice(texts.ON_HOLD_OTHERS, "error")
        case billing.BannerKind.CONFIRMING:
            return Notice(texts.CONFIRMING, "info")
        case billing.BannerKind.CANCEL_SCHEDULED:
            words = texts.ending(banner.day, banner.count)
            return Notice(words, "info", "undo" if view.can_manage else "")
        case billing.BannerKind.EXPIRING:
            return Notice(texts.expiring(banner.count, banner.day), "info")
    return Notice(texts.ended(banner.count, banner.day), "info")


def line_of(number: int, entry: tickets.LedgerLine) -> Line:
    """One line of 「チケット履歴」."""
    return Line(
        id=str(number),
        day=full_date(clock.jst_date(entry.at)),
        what=texts.REASONS.get(entry.reason, texts.OTHER_REASON),
        note=entry.note,
        moved=texts.moved(entry.delta),
        plus=entry.delta > 0,
        href=f"/bookings/{entry.booking_id}" if entry.booking_id else "",
    )


def paid_of(row: billing.PaymentRow) -> Paid:
    """One line of what was paid."""
    day, what = full_date(clock.jst_date(row.at)), texts.payment_name(row.kind, row.plan or "")
    return Paid(
        id=str(row.id),
        day=day,
        what=what,
        amount=yen(row.amount),
        status=texts.PAYMENT_STATES[row.status],
        failed=row.status is billing.PaymentStatus.FAILED,
        receipt=row.receipt_url or "",
        receipt_label=texts.receipt_of(day, what),
    )
