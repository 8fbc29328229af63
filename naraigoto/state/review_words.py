"""A family's own reviews in words: what stands where, why it waits, what can still be done."""

from dataclasses import dataclass, replace
from datetime import datetime

from naraigoto import clock
from naraigoto.services import reviews
from naraigoto.texts import dates, kids_review
from naraigoto.texts import reviews as texts


@dataclass(frozen=True)
class OwnView:
    """One review as its own family sees it; `notice` says why others don't see it."""

    id: str = ""
    child: bool = False
    mine: bool = False
    rating: int = 0
    comment: str = ""
    author: str = ""
    target: str = ""
    date: str = ""
    reply: str = ""
    status: str = ""
    badge: str = ""
    notice: str = ""
    editable: str = ""
    hidden_by_guardian: bool = False
    can_hide: bool = False
    can_appeal: bool = False
    appeal: str = ""


@dataclass(frozen=True)
class OwnPair:
    """Both voices of the family on one target of one lesson; an empty side has not spoken."""

    key: str
    target: str
    gap: str
    parent: OwnView
    child: OwnView


def own_view(review: reviews.OwnReview, now: datetime) -> OwnView:
    """One review of the family, in a guardian's words."""
    child = review.kind is reviews.Kind.CHILD
    by_guardian = review.hidden_for is reviews.HiddenFor.GUARDIAN
    changeable = review.editable_until is not None and review.editable_until > now and review.mine
    published = review.status is reviews.ReviewStatus.PUBLISHED
    return OwnView(
        id=str(review.id),
        child=child,
        mine=review.mine,
        rating=review.rating,
        comment=review.comment,
        author=review.author,
        target=review.target_name,
        date=dates.full_date(clock.jst_date(review.created_at)),
        reply=review.reply.body if review.reply else "",
        status=review.status.value,
        badge=texts.STATUSES[review.status.value],
        notice=_notice(review, by_guardian=by_guardian),
        editable=texts.editable(review.editable_until, now) if changeable and review.editable_until else "",
        hidden_by_guardian=by_guardian and not published,
        can_hide=child and published,
        can_appeal=review.can_appeal,
        appeal=texts.APPEALS[review.appeal.value] + texts.office_note(review.appeal_note)
        if review.appeal
        else "",
    )


def own_view_of_child(review: reviews.OwnReview, now: datetime) -> OwnView:
    """A child's own review, in words that it can read."""
    seen = replace(own_view(review, now), can_appeal=False, appeal="")
    if review.status is reviews.ReviewStatus.PUBLISHED:
        return seen
    held = review.status is reviews.ReviewStatus.HELD
    found = [finding.value for finding in review.findings]
    words = kids_review.held(found) if held else kids_review.NOT_SHOWN
    return replace(seen, badge=kids_review.NOT_YET, notice=words)


def pairs_of(found: list[reviews.OwnReview], now: datetime) -> list[OwnPair]:
    """The family's reviews of one lesson, both voices on the school first, then on the instructor."""
    sides: dict[str, dict[bool, reviews.OwnReview]] = {}
    for review in sorted(found, key=lambda one: one.target_type is not reviews.ReviewTarget.SCHOOL):
        if review.status is not reviews.ReviewStatus.DELETED:
            sides.setdefault(str(review.target_id), {})[review.kind is reviews.Kind.CHILD] = review
    return [_pair(key, both.get(False), both.get(True), now) for key, both in sides.items()]


def _pair(
    key: str, parent: reviews.OwnReview | None, child: reviews.OwnReview | None, now: datetime
) -> OwnPair:
    spoken = parent or child
    return OwnPair(
        key=f"{spoken.booking_id}/{key}" if spoken else key,
        target=spoken.target_name if spoken else "",
        gap=texts.gap(parent.rating, child.rating) if parent and child else "",
        parent=own_view(parent, now) if parent else OwnView(),
        child=own_view(child, now) if child else OwnView(child=True),
    )


def _notice(review: reviews.OwnReview, *, by_guardian: bool) -> str:
    if review.status is reviews.ReviewStatus.HELD:
        return texts.held([finding.value for finding in review.findings]) + texts.HELD_TEXT
    if review.status is reviews.ReviewStatus.HIDDEN:
        if by_guardian:
            return texts.GUARDIAN_HIDDEN_TEXT
        return texts.DECIDED_TEXT + texts.office_note(review.note) if review.decided_at else texts.HIDDEN_TEXT
    if review.status is reviews.ReviewStatus.REMOVED:
        return texts.REMOVED_TEXT + texts.office_note(review.note)
    return ""
