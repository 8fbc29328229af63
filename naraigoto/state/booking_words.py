"""Bookings in words: what cards, the dialog and the page of one booking show."""

from dataclasses import dataclass, replace
from datetime import datetime

from naraigoto import clock
from naraigoto.services import bookings
from naraigoto.services.deadlines import free_until
from naraigoto.texts import booking_changes as changes
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
    """One booking with all that is needed on the day; `open` while it can still be changed.

    `question` says what the school changed while the family may answer.
    """

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
    free_until: str = ""
    open: bool = False
    question: str = ""
    answer_by: str = ""


@dataclass(frozen=True)
class StoryWords:
    """One line of the story of a booking."""

    at: str
    what: str
    who: str


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
        free_until=changes.until(free_until(booking.cancel_until, booking.created_at, booking.answer_by)),
        open=booking.status == "reserved" and slot.start_at > now,
        question=_question(booking, now),
        answer_by=changes.answer_by(booking.answer_by) if booking.answer_by else "",
    )


def story_words(line: bookings.StoryLine) -> StoryWords:
    """One line of the story."""
    named = {
        bookings.Who.FAMILY: f"{line.name}{texts.HONORIFIC}",
        bookings.Who.SCHOOL: changes.BY_SCHOOL,
        bookings.Who.OFFICE: changes.BY_OFFICE,
        bookings.Who.NOBODY: changes.BY_NOBODY,
    }
    return StoryWords(dates.moment_label(line.at), changes.event(line.event, line.facts), named[line.who])


def _question(booking: bookings.BookingView, now: datetime) -> str:
    if booking.question is None or booking.answer_by is None or now > booking.answer_by:
        return ""
    moved = booking.question is bookings.BookingQuestion.MOVED
    return changes.MOVED_TITLE if moved else changes.INSTRUCTOR_TITLE


def _teacher(instructor: bookings.Named | None) -> str:
    return instructor.name if instructor else texts.ANY_TEACHER


def _status(booking: bookings.BookingView, now: datetime) -> str:
    if booking.status != "reserved":
        return booking.status.value
    if booking.schedule.end_at <= now:
        return "checking"
    return "asked" if _question(booking, now) else "reserved"
