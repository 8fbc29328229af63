"""Bookings: making one (D5), what may be chosen before, and reading them."""

from naraigoto.services.bookings.making import book, cancel_deadline
from naraigoto.services.bookings.options import ChildOption, Options, options
from naraigoto.services.bookings.reading import BookingPage, Order, Section, get, list_for, section, upcoming
from naraigoto.services.bookings.views import BookingDetail, BookingView, Child, Named, ScheduleView, Titled

__all__ = [
    "BookingDetail",
    "BookingPage",
    "BookingView",
    "Child",
    "ChildOption",
    "Named",
    "Options",
    "Order",
    "ScheduleView",
    "Section",
    "Titled",
    "book",
    "cancel_deadline",
    "get",
    "list_for",
    "options",
    "section",
    "upcoming",
]
