"""Bookings: making one (D5), what may be chosen before, and reading them."""

from naraigoto.models.bookings import BookingStatus
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
    "Child",
    "ChildOption",
    "Named",
    "Options",
    "Order",
    "ScheduleView",
    "Section",
    "book",
    "cancel_deadline",
    "get",
    "list_for",
    "options",
    "section",
    "upcoming",
]
