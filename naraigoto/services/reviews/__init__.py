"""Reviews in two voices (D11): writing them, the family's own, the public lists, the school's reply."""

from naraigoto.models.reviews import AgeBand, AppealStatus, HiddenFor, ReviewStatus, ReviewTarget
from naraigoto.services.reviews.changing import delete, edit, hide, show
from naraigoto.services.reviews.own import due, of_booking, of_family, sheet
from naraigoto.services.reviews.posting import post
from naraigoto.services.reviews.reading import of_school
from naraigoto.services.reviews.replying import edit_reply, helpful, reply
from naraigoto.services.reviews.views import (
    DueReview,
    Grade,
    Kind,
    OwnBooking,
    OwnPage,
    OwnReview,
    PairRow,
    Posted,
    Reply,
    ReviewPage,
    ReviewRow,
    Sheet,
    SheetTarget,
    Sort,
    Stage,
    grade_at,
)
from naraigoto.services.text_checks import Finding

__all__ = [
    "AgeBand",
    "AppealStatus",
    "DueReview",
    "Finding",
    "Grade",
    "HiddenFor",
    "Kind",
    "OwnBooking",
    "OwnPage",
    "OwnReview",
    "PairRow",
    "Posted",
    "Reply",
    "ReviewPage",
    "ReviewRow",
    "ReviewStatus",
    "ReviewTarget",
    "Sheet",
    "SheetTarget",
    "Sort",
    "Stage",
    "delete",
    "due",
    "edit",
    "edit_reply",
    "grade_at",
    "helpful",
    "hide",
    "of_booking",
    "of_family",
    "of_school",
    "post",
    "reply",
    "sheet",
    "show",
]
