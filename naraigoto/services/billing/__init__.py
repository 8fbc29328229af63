"""Plans and money: ordering a plan, what Stripe tells of it, and what a family sees of it (D1–D4)."""

from naraigoto.models.billing import (
    BillingIssue,
    IssueKind,
    OrderStatus,
    PaymentKind,
    PaymentStatus,
    PlanId,
    SubscriptionStatus,
)
from naraigoto.services.billing.checkout import Checkout, Run, checkout
from naraigoto.services.billing.managing import cancel, cancel_now_for, portal, undo_cancel
from naraigoto.services.billing.matters import Matter, list_open, settle
from naraigoto.services.billing.orders import Outcome, outcome
from naraigoto.services.billing.overview import (
    Banner,
    BannerKind,
    PaymentPage,
    PaymentRow,
    PlanView,
    overview,
    payments,
    pending,
)

__all__ = [
    "Banner",
    "BannerKind",
    "BillingIssue",
    "Checkout",
    "IssueKind",
    "Matter",
    "OrderStatus",
    "Outcome",
    "PaymentKind",
    "PaymentPage",
    "PaymentRow",
    "PaymentStatus",
    "PlanId",
    "PlanView",
    "Run",
    "SubscriptionStatus",
    "cancel",
    "cancel_now_for",
    "checkout",
    "list_open",
    "outcome",
    "overview",
    "payments",
    "pending",
    "portal",
    "settle",
    "undo_cancel",
]
