"""Every business number, named and typed, with its rule in domain.md §3. Nothing else lives here."""

from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple


class Plan(NamedTuple):
    """A monthly plan (D1); `amount` is yen, tax included."""

    id: str
    tickets_per_month: int
    amount: int


PLANS: Final = {
    plan.id: plan for plan in (Plan("light", 2, 3980), Plan("standard", 4, 6980), Plan("family", 8, 12800))
}

# D2, G9: a bucket is good until the end of the JST month after its own.
TICKET_VALID_EXTRA_MONTHS: Final = 1
TICKET_ENTRIES_SHOWN: Final = 100
TICKET_ADJUST_MAX: Final = 100
TICKET_ADJUST_REASON_MAX: Final = 200
TICKETS_EXPIRING_WITHIN: Final = timedelta(days=7)
TICKETS_LOW_LEVELS: Final = (1, 0)  # D16

# D4: how long Stripe's page of an order is handed out again (it lives 24 hours)
CHECKOUT_VALID: Final = timedelta(hours=23)

# Webhooks: lease of one attempt, waits between attempts, then dead; how far back the nightly look goes
WEBHOOK_LEASE: Final = timedelta(seconds=120)
WEBHOOK_BACKOFF: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
WEBHOOK_KEPT: Final = timedelta(days=30)  # they name people, and D17 erases after 30 days
RECONCILE_BACK: Final = timedelta(days=40)

# D16: no mail that can wait leaves between these hours (JST)
QUIET_FROM_HOUR: Final = 22
QUIET_UNTIL_HOUR: Final = 7

# D5 Booking
BOOKING_HORIZON: Final = timedelta(days=60)
BOOKING_CUTOFF_HOURS_DEFAULT: Final = 2
MAX_ACTIVE_BOOKINGS: Final = 10
BOOKING_WHILE_ON_HOLD: Final = True  # G12: tickets already paid stay usable


class CancelPolicy(StrEnum):
    """Until when a school lets a family cancel free of charge (D6)."""

    SAME_DAY_3H = "same_day_3h"
    DAY_BEFORE_20 = "day_before_20"
    TWO_DAYS_BEFORE_20 = "two_days_before_20"


CANCEL_FREE_HOUR_JST: Final = 20
CANCEL_SAME_DAY_LEAD: Final = timedelta(hours=3)
CANCEL_GRACE: Final = timedelta(minutes=30)

# D15: how long after the lesson its thread can be written to
MESSAGES_AFTER_LESSON: Final = timedelta(days=30)

# D8 Attendance
ATTENDANCE_OPENS_BEFORE_START: Final = timedelta(minutes=15)
ATTENDANCE_CLOSES_AFTER_START: Final = timedelta(days=7)

# G44: fewer reviews than this show 「評価準備中」
RATING_SHOWN_FROM: Final = 3

# Sessions and tokens
SESSION_ABSOLUTE: Final = timedelta(days=30)
SESSION_IDLE: Final = timedelta(days=14)
ACCESS_TOKEN_LIFETIME: Final = timedelta(hours=1)
PASSWORD_LENGTH_MIN: Final = 10
PASSWORD_LENGTH_MAX: Final = 128

# Outbox (domain.md §4): lease of one attempt, waits between attempts, then dead
OUTBOX_LEASE: Final = timedelta(seconds=60)
OUTBOX_BACKOFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)

# How long finished things are kept
OUTBOX_KEPT: Final = timedelta(days=90)
IDEMPOTENCY_KEPT: Final = timedelta(hours=24)

# Lists (contract.md §5)
PAGE_DEFAULT: Final = 20
PAGE_MAX: Final = 50
REQUEST_BODY_MAX: Final = 256 * 1024  # bytes of a body below /api/

# Search (contract.md §5, R14)
SEARCH_KEYWORD_MAX: Final = 100
SEARCH_RADIUS_MIN_M: Final = 100
SEARCH_RADIUS_MAX_M: Final = 50_000
AGE_MAX: Final = 18

# D20, G44: ranking. A mean starts from five ratings of 4.0; seats and newness weigh at most 0.08 stars each
RATING_PRIOR_MEAN: Final = 4.0
RATING_PRIOR_WEIGHT: Final = 5
RANK_POINTS_PER_SEAT: Final = 5
RANK_SEATS_COUNTED: Final = 10
RANK_POINTS_NEW: Final = 80
RANK_NEW_DAYS: Final = 60

# What a school page shows at first, and how far "さらに見る" goes at a time
SLOT_DAYS_SHOWN: Final = timedelta(days=14)
