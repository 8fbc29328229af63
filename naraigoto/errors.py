"""The vocabulary of refusals: stable codes for programs; wording lives in texts/errors.py."""

from typing import ClassVar


class DomainError(Exception):
    """A rule said no. `code` is stable for programs (contract.md §5); `facts` feed the wording."""

    code: ClassVar[str]
    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts


class Unauthenticated(DomainError):
    """Nobody is signed in, or the session has ended."""

    code = "unauthenticated"
    status = 401


class CredentialsWrong(Unauthenticated):
    """Sign-in failed; the answer never tells which part was wrong."""


class Forbidden(DomainError):
    """This role may never do this."""

    code = "forbidden"
    status = 403


class FamilyNeeded(Forbidden):
    """A guardian without a family asked for what families have; beginning one helps."""


class EmailUnverified(Forbidden):
    """The address is not proved yet, and this would reach other people."""

    code = "email_unverified"


class ParentApprovalRequired(Forbidden):
    """A child asked for what only a guardian may do (D9)."""

    code = "parent_approval_required"


class NotFound(DomainError):
    """Absent, or not the asker's to see."""

    code = "not_found"
    status = 404


class LinkUnusable(NotFound):
    """A mailed link that is forged, used, taken back or too old; it never tells which."""


class InvitationExpired(LinkUnusable):
    """The family's invitation is too old (R7)."""


class InvalidInput(DomainError):
    """A value that no rule could accept; `fields` maps a field to a short reason key."""

    code = "validation_failed"
    status = 422

    def __init__(self, **fields: str) -> None:
        super().__init__(fields=fields)


class TooLarge(DomainError):
    """More was sent than any operation takes."""

    code = "too_large"
    status = 413


class Internal(DomainError):
    """Something of ours broke; the log knows more, under the request's id."""

    code = "internal"
    status = 500


class RateLimited(DomainError):
    """Too many tries; facts: retry_after (whole seconds)."""

    code = "rate_limited"
    status = 429


class EmailTaken(DomainError):
    """Somebody has this address already."""

    code = "email_taken"


class LinkNeeded(EmailTaken):
    """Somebody came through a provider whose address has an account here; its password joins the two."""


class ReferralInvalid(DomainError):
    """The code helps nobody here (D14); facts: reason, one of unknown, own, used, expired, not_new."""

    code = "referral_invalid"


class FamilyFull(DomainError):
    """The family has as many members of this kind as it may; facts: limit."""

    code = "family_full"


class InvitationsOpen(DomainError):
    """As many invitations wait as may; facts: limit."""

    code = "invitations_open"


class FamilyExists(DomainError):
    """The person belongs to a family already that would have to be left first."""

    code = "family_exists"


class SchoolNeedsOwner(DomainError):
    """The last owner of a school stays (G4); facts: count, the schools this concerns."""

    code = "school_needs_owner"


class IdempotencyKeyReused(DomainError):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_key_reused"
    status = 422


class SignatureInvalid(DomainError):
    """A webhook that its sender did not sign, or too long ago (R92)."""

    code = "signature_invalid"
    status = 400


class Unavailable(DomainError):
    """The database is away or too busy; `retry_after` seconds."""

    code = "unavailable"
    status = 503


class ProviderAway(Unavailable):
    """The identity provider does not answer, or not as it should."""


class SearchTooBroad(Unavailable):
    """A search took too long and was stopped; a narrower one will do."""


class StaleEdit(DomainError):
    """The thing changed meanwhile; look at it again."""

    code = "stale_edit"


class PaymentsAway(Unavailable):
    """Stripe does not answer, or answers what no person here can mend; `retry_after` seconds."""


class AlreadySubscribed(DomainError):
    """The family has a plan already; it is changed on the payment page, not bought twice (G29)."""

    code = "already_subscribed"


class SchoolNotPublished(DomainError):
    """The school takes no bookings now (D18)."""

    code = "school_not_published"


class BookingDeadlinePassed(DomainError):
    """The slot's booking cutoff has passed, or it lies beyond the horizon (D5)."""

    code = "booking_deadline_passed"


class ScheduleFull(DomainError):
    """No seat is left."""

    code = "schedule_full"


class WaitlistFull(ScheduleFull):
    """No seat is left, and as many wait as may wait; facts: limit."""


class SeatsAgain(StaleEdit):
    """There is a free seat: book it instead of waiting."""


class ScheduleConflict(DomainError):
    """The instructor, or the class, has another slot at that time (G14)."""

    code = "schedule_conflict"


class AlreadyBooked(DomainError):
    """The child already holds an active booking of this slot."""

    code = "already_booked"


class ScheduleOverlap(DomainError):
    """Another booking of the child overlaps; facts: child, start_at, end_at, title."""

    code = "schedule_overlap"


class AgeOutOfRange(DomainError):
    """The child is too young or too old; facts: age_min, age_max."""

    code = "age_out_of_range"


class TooManyBookings(DomainError):
    """The family holds its full number of active future bookings; facts: limit."""

    code = "too_many_bookings"


class SubscriptionOnHold(DomainError):
    """Payment is being confirmed and tickets may not be used (D3)."""

    code = "subscription_on_hold"


class TicketsShort(DomainError):
    """Not enough usable tickets; facts: missing, has_plan."""

    code = "ticket_balance_insufficient"


class TooManySavedSearches(DomainError):
    """A person keeps as many searches as one may; facts: limit."""

    code = "too_many_saved_searches"


class BookingNotActive(DomainError):
    """The booking was cancelled or attended, so this can no longer be done; facts: status."""

    code = "booking_not_active"


class CancelDeadlinePassed(DomainError):
    """The lesson has begun, so its booking can no longer be cancelled (D6)."""

    code = "cancel_deadline_passed"


class TooLateToMove(CancelDeadlinePassed):
    """Cancelling would cost a ticket, so another slot can no longer be taken; facts: deadline."""


class LessonBegun(CancelDeadlinePassed):
    """The lesson has begun, so its slot can no longer be moved or cancelled."""


class CourtesyUsed(DomainError):
    """The child's 「体調不良キャンセル」 was used less than 30 days ago; facts: again_at (D6)."""

    code = "cancel_deadline_passed"


class AlreadyRecorded(DomainError):
    """Attendance can no longer be changed: its window closed or a review exists (D8)."""

    code = "already_recorded"


class LessonNotFinished(DomainError):
    """Too early: the lesson has not begun; facts: opens_at."""

    code = "lesson_not_finished"


class NotAttendedYet(LessonNotFinished):
    """Nobody has recorded yet that the child came, so there is nothing to review (D11)."""


class NotAttended(BookingNotActive):
    """The child did not come, so there is nothing to review (D11)."""


class ReviewExists(DomainError):
    """This booking's review of that target is written; facts: editable_until (None: no longer)."""

    code = "review_exists"


class ReplyExists(ReviewExists):
    """The school has replied to this review; its reply can be edited for 48 hours."""


class ReviewWindowClosed(DomainError):
    """Too late to write, or to change what was written (D11)."""

    code = "review_window_closed"


class ReviewEditClosed(ReviewWindowClosed):
    """A review or reply stands as it is after 48 hours."""


class ReviewAnswered(ReviewWindowClosed):
    """The school has replied, so the words it answered stay as they are."""


class ReviewUnderReview(ReviewWindowClosed):
    """Hidden or removed by a decision: only an appeal changes it."""


class ReviewsSuspended(Forbidden):
    """The author may write no reviews for a while; facts: until."""


class OwnSchool(Forbidden):
    """Whoever runs the school, or lives with them, does not review it (G4)."""


class OwnReview(Forbidden):
    """One's own family's review: nothing to report or to find helpful."""


class OwnSchoolVote(Forbidden):
    """Whoever runs the school finds no review of it helpful: it would lift the praising ones."""


class AppealMade(ReviewWindowClosed):
    """One objection per decision, and only for a while after it."""


class AlreadyDecided(StaleEdit):
    """Somebody else has decided this report meanwhile."""


class ReviewChanged(StaleEdit):
    """The author has written something else than the admin has read."""
