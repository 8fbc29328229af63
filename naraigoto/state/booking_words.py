"""Bookings in words: what cards, the dialog and the page of one booking show."""

from dataclasses import dataclass, replace
from datetime import datetime

from naraigoto import clock
from naraigoto.services import bookings
from naraigoto.texts import bookings as texts
from naraigoto.texts import dates


@dataclass(frozen=True)
class SlotWords:
    """A slot in the dialog."""

    when: str = ""
    title: str = ""
    school: str = ""
    teacher: str = ""


@dataclass(frozen=True)
class BookingCard:
    """A booking in a list; `status` is a key of components.booking_card.status_badge()."""

    id: str
    href: str
    day: str
    time: str
    title: str
    school: str
    child: str
    teacher: str
    status: str


@dataclass(frozen=True)
class BookingFacts:
    """One booking with all that is needed on the day."""

    when: str = ""
    title: str = ""
    school: str = ""
    school_href: str = ""
    address: str = ""
    access: str = ""
    child: str = ""
    teacher: str = ""
    belongings: str = ""
    tickets: str = ""
    booked_at: str = ""
    status: str = ""


def slot_words(slot: bookings.ScheduleView) -> SlotWords:
    """The slot as the dialog names it."""
    return SlotWords(
        when=dates.slot_label(slot.start_at, slot.end_at),
        title=slot.lesson.title,
        school=slot.school.name,
        teacher=_teacher(slot.instructor),
    )


def booked_slot_words(booking: bookings.BookingView) -> SlotWords:
    """The slot of a booking, with the teacher it was booked with."""
    return replace(slot_words(booking.schedule), teacher=_teacher(booking.instructor))


def card_of(booking: bookings.BookingView, now: datetime) -> BookingCard:
    """A booking as a card."""
    slot = booking.schedule
    return BookingCard(
        id=str(booking.id),
        href=f"/bookings/{booking.id}",
        day=dates.day_label(clock.jst_date(slot.start_at)),
        time=dates.time_range(slot.start_at, slot.end_at),
        title=slot.lesson.title,
        school=slot.school.name,
        child=booking.child.name,
        teacher=_teacher(booking.instructor),
        status=_status(booking, now),
    )


def facts_of(detail: bookings.BookingDetail, now: datetime) -> BookingFacts:
    """A booking in full."""
    booking, slot = detail.booking, detail.booking.schedule
    day = dates.long_day_label(clock.jst_date(slot.start_at))
    return BookingFacts(
        when=f"{day} {dates.time_range(slot.start_at, slot.end_at)}",
        title=slot.lesson.title,
        school=slot.school.name,
        school_href=f"/schools/{slot.school.id}",
        address=detail.address,
        access=detail.access,
        child=booking.child.name,
        teacher=_teacher(booking.instructor),
        belongings=detail.belongings or texts.NOTHING_SPECIAL,
        tickets=texts.tickets(booking.consumed_tickets),
        booked_at=dates.long_day_label(clock.jst_date(booking.created_at)),
        status=_status(booking, now),
    )


def _teacher(instructor: bookings.Named | None) -> str:
    return instructor.name if instructor else texts.ANY_TEACHER


def _status(booking: bookings.BookingView, now: datetime) -> str:
    over = booking.status == "reserved" and booking.schedule.end_at <= now
    return "checking" if over else booking.status.value
