"""Bookings: making one (D5), what may be chosen before, cancelling (D6), and reading them."""

from naraigoto.models.bookings import BookingStatus, CancelKind
from naraigoto.services.bookings.cancelling import Cancelled, CancelReason, cancel, release_children
from naraigoto.services.bookings.making import book, cancel_deadline
from naraigoto.services.bookings.options import ChildOption, Options, options
from naraigoto.services.bookings.reading import BookingPage, Order, Section, get, list_for, section, upcoming
from naraigoto.services.bookings.views import BookingDetail, BookingView, Child, ScheduleView
from naraigoto.services.names import Named

__all__ = [
    "BookingDetail",
    "BookingPage",
    "BookingStatus",
    "BookingView",
    "CancelKind",
    "CancelReason",
    "Cancelled",
    "Child",
    "ChildOption",
    "Named",
    "Options",
    "Order",
    "ScheduleView",
    "Section",
    "book",
    "cancel",
    "cancel_deadline",
    "get",
    "list_for",
    "options",
    "release_children",
    "section",
    "upcoming",
]
