"""Bookings: making one (D5), what may be chosen before, changing and cancelling it (D6), reading."""

from naraigoto.models.bookings import BookingQuestion, BookingStatus, CancelKind
from naraigoto.services.bookings.cancelling import (
    Cancelled,
    CancelReason,
    CancelTerms,
    cancel,
    refund_refilled,
    release_children,
    terms,
)
from naraigoto.services.bookings.changing import accept_change, other_slots, reschedule
from naraigoto.services.bookings.making import book, cancel_deadline
from naraigoto.services.bookings.options import ChildOption, Options, Pickup, options
from naraigoto.services.bookings.reading import BookingPage, Order, Section, get, list_for, section, upcoming
from naraigoto.services.bookings.story import StoryLine, Who, story
from naraigoto.services.bookings.views import BookingDetail, BookingView, Child, ScheduleView
from naraigoto.services.names import Named

__all__ = [
    "BookingDetail",
    "BookingPage",
    "BookingQuestion",
    "BookingStatus",
    "BookingView",
    "CancelKind",
    "CancelReason",
    "CancelTerms",
    "Cancelled",
    "Child",
    "ChildOption",
    "Named",
    "Options",
    "Order",
    "Pickup",
    "ScheduleView",
    "Section",
    "StoryLine",
    "Who",
    "accept_change",
    "book",
    "cancel",
    "cancel_deadline",
    "get",
    "list_for",
    "options",
    "other_slots",
    "refund_refilled",
    "release_children",
    "reschedule",
    "section",
    "story",
    "terms",
    "upcoming",
]
