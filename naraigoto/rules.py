"""Every business number, named and typed, with its rule in domain.md §3. Nothing else lives here."""

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import Final, NamedTuple


class Plan(NamedTuple):
    """A monthly plan (D1); `amount` is yen, tax included."""

    id: str
    tickets_per_month: int
    amount: int


@dataclass(frozen=True, slots=True)
class Rate:
    """So many within so long, counted from the first."""

    count: int
    within: timedelta


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
CANCEL_COURTESY_EVERY: Final = timedelta(days=30)  # 「体調不良キャンセル」, for each child

# D6: a moved slot asks the family to accept it or cancel free of charge
MOVE_ANSWER_WITHIN: Final = timedelta(hours=24)
ALTERNATIVES_SHOWN: Final = 3
SLOT_CANCEL_REASON_MAX: Final = 200

# D7 Waitlist: an offer holds a seat while its clock runs; the clock sleeps at night
WAITLIST_MAX: Final = 20
WAITLIST_OFFER: Final = timedelta(hours=2)
WAITLIST_TELLS_ALL_HOUR_JST: Final = 20  # of the day before the lesson; from then on first come, first served

# The calendar feed: how far back it reaches
CALENDAR_PAST: Final = timedelta(days=90)

# Two children in two places within this time: who picks up whom?
PICKUP_GAP: Final = timedelta(minutes=30)

# D15: how long after the lesson its thread can be written to
MESSAGES_AFTER_LESSON: Final = timedelta(days=30)

# D8 Attendance
ATTENDANCE_OPENS_BEFORE_START: Final = timedelta(minutes=15)
ATTENDANCE_CLOSES_AFTER_START: Final = timedelta(days=7)

# G44: fewer reviews than this show 「評価準備中」
RATING_SHOWN_FROM: Final = 3

# D11 Reviews
REVIEW_WINDOW: Final = timedelta(days=30)  # from the recorded attendance on
REVIEW_EDITABLE: Final = timedelta(hours=48)  # also the school's reply
REVIEW_COMMENT_MIN: Final = {"parent": 10, "child": 0}
REVIEW_COMMENT_MAX: Final = {"parent": 1000, "child": 200}
REPLY_MAX: Final = 1000

# D12 Reports and what an admin decides
REPORT_FAMILIES_HIDE: Final = 3
REPORT_COMMENT_MAX: Final = 500
REPORTS_OF_PERSON: Final = Rate(10, timedelta(hours=1))  # a storm by one person ends here
REVIEWS_SUSPENDED_FOR: Final = timedelta(days=30)
DECISION_NOTE_MAX: Final = 500
APPEAL_MAX: Final = 500
APPEAL_WITHIN: Final = timedelta(days=14)
TRANSPARENCY_MONTHS: Final = 12

# D13 Points, whatever the rating; photos come with the pictures
POINTS_REVIEW: Final = {"school": 50, "instructor": 20}
POINTS_REVIEWS_MONTH_MAX: Final = 300
POINTS_EXPIRE_AFTER_MONTHS: Final = 12

# Sessions and tokens
SESSION_ABSOLUTE: Final = timedelta(days=30)
SESSION_IDLE: Final = timedelta(days=14)
ACCESS_TOKEN_LIFETIME: Final = timedelta(hours=1)
PASSWORD_LENGTH_MIN: Final = 10
PASSWORD_LENGTH_MAX: Final = 128
PASSCODE_LENGTH_MIN: Final = 4
PASSCODE_LENGTH_MAX: Final = 12
CLOCK_LEEWAY: Final = timedelta(seconds=30)  # between our clock and that of whoever signed a token

SIGN_IN_ATTEMPT_LIFETIME: Final = timedelta(minutes=10)  # on the way to an identity provider and back
LINK_OFFER_LIFETIME: Final = timedelta(minutes=10)  # to prove by password that an account is one's own

# Signing keys: a new one comes in this time; it is published for a while before it signs (copies of our
# public keys live for JWKS_CACHED), and is kept until no link signed by it can still be out (ERASE_AFTER)
KEY_ROTATION: Final = timedelta(days=90)
JWKS_CACHED: Final = timedelta(minutes=5)
KEY_PUBLISHED_FIRST: Final = timedelta(minutes=15)
KEY_KEPT: Final = timedelta(days=35)

# Links in mails
VERIFY_LINK_LIFETIME: Final = timedelta(days=3)
RESET_LINK_LIFETIME: Final = timedelta(hours=1)
INVITATION_LIFETIME: Final = timedelta(days=7)  # R7

# Families (G6). Codes are read aloud and typed by children: no letters that look like digits.
FAMILY_CODE_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
FAMILY_CODE_LENGTH: Final = 6
FAMILY_NAME_MAX: Final = 40
NICKNAME_MAX: Final = 40
LOGIN_NAME_MAX: Final = 20
INTERESTS_MAX: Final = 200
CHILDREN_MAX: Final = 10
GUARDIANS_MAX: Final = 4
INVITATIONS_OPEN_MAX: Final = 5

# Referrals (D14)
REFERRAL_NEW_FAMILY: Final = timedelta(days=30)


# R99: wrong tries at one account from one address, at one account from everywhere, from one address at all.
# What a stranger does at another address never keeps the owner out for longer than the second window.
WRONG_TRIES_HERE: Final = Rate(10, timedelta(minutes=15))
WRONG_TRIES_EVERYWHERE: Final = Rate(50, timedelta(minutes=5))
WRONG_TRIES_OF_ADDRESS: Final = Rate(100, timedelta(minutes=15))
# R19: reading what is public, by address, and by person for who is signed in
READS_OF_ADDRESS: Final = Rate(300, timedelta(minutes=1))
READS_OF_PERSON: Final = Rate(900, timedelta(minutes=1))
SIGN_UPS_OF_ADDRESS: Final = Rate(100, timedelta(hours=1))
MAILS_TO_ACCOUNT: Final = Rate(5, timedelta(hours=1))  # of each kind: verification, reset, change links
EVEN_ANSWER: Final = timedelta(milliseconds=300)  # how long an answer takes that must not tell anything
CODE_ENTRIES: Final = Rate(10, timedelta(minutes=15))  # invitations and referral codes, wrong ones

# D17: when deleted accounts are erased for good
ERASE_AFTER: Final = timedelta(days=30)
EXPORTS: Final = Rate(5, timedelta(hours=24))  # downloads of one's own data
AUDIT_SEEN_EVERY: Final = timedelta(hours=1)  # looking at the same list again is noted once in this time

# D17: the documents that people agree to, as they stand now
TERMS_VERSION: Final = "2026-04-01"
PRIVACY_VERSION: Final = "2026-04-01"
CHILD_PROFILE_VERSION: Final = "2026-04-01"

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
SEARCH_AREAS_MAX: Final = 10
SEARCH_COUNT_CAP: Final = 1_000  # more hits than this are not counted
CHILD_RATINGS_ASKED: Final = (3.5, 4.0, 4.5)


class Travel(StrEnum):
    """How a family gets to the lesson."""

    WALK = "walk"
    BIKE = "bike"
    CAR = "car"


# A ring of 15 minutes: 80 m a minute on foot as in Japanese housing notices, a bicycle with a child, a car in
# town; streets are longer than the straight line by TRAVEL_DETOUR.
TRAVEL_MINUTES: Final = 15
TRAVEL_METRES_A_MINUTE: Final = {Travel.WALK: 80, Travel.BIKE: 200, Travel.CAR: 400}
TRAVEL_DETOUR: Final = 1.3


class TimeOfDay(StrEnum):
    """When a lesson begins, on a Japanese clock."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


TIMES_OF_DAY: Final = {
    TimeOfDay.MORNING: (time(0), time(12)),
    TimeOfDay.AFTERNOON: (time(12), time(17)),
    TimeOfDay.EVENING: (time(17), time.max),
}

# Suggestions while typing
SUGGEST_WORDS: Final = 5
SUGGEST_SCHOOLS: Final = 5

# Saved searches and their weekly mail
SAVED_SEARCHES_MAX: Final = 20

# D20, G44: ranking. A mean starts from five ratings of 4.0; seats and newness weigh at most 0.08 stars each
RATING_PRIOR_MEAN: Final = 4.0
RATING_PRIOR_WEIGHT: Final = 5
RANK_POINTS_PER_SEAT: Final = 5
RANK_SEATS_COUNTED: Final = 10
RANK_POINTS_NEW: Final = 80
RANK_NEW_DAYS: Final = 60

# What a school page shows at first, and how far "さらに見る" goes at a time
SLOT_DAYS_SHOWN: Final = timedelta(days=14)
