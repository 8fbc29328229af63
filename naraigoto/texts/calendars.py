"""Bookings as calendar apps read them (iCalendar, RFC 5545): a feed of a family, an entry in a mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from icalendar import Calendar, Event

from naraigoto.texts import ui

MEDIA_TYPE = "text/calendar"
FEED_NAME = f"{ui.BRAND}の予約"
_PRODUCT = f"-//{ui.BRAND}//JA"
_EPOCH_STEP = 60  # seconds: a change within the same minute is no news to a calendar


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking in a calendar; a cancelled one is taken out where it was before."""

    booking_id: UUID
    start_at: datetime
    end_at: datetime
    child: str
    lesson: str
    school: str
    place: str
    cancelled: bool = False


def feed_url(public_url: str, token: str) -> str:
    """The secret address of a family's feed."""
    return f"{public_url}/api/v1/me/calendar.ics?token={token}"


def entry_of(entry: Entry, *, public_url: str, now: datetime) -> bytes:
    """One booking as the attachment of a mail."""
    return _calendar([entry], "CANCEL" if entry.cancelled else "PUBLISH", public_url, now).to_ical()


def feed(entries: list[Entry], *, public_url: str, now: datetime) -> bytes:
    """All bookings of a family, for a calendar app that asks again from time to time."""
    calendar = _calendar(entries, "PUBLISH", public_url, now)
    calendar.add("x-wr-calname", FEED_NAME)
    calendar.add("x-wr-timezone", "Asia/Tokyo")
    return calendar.to_ical()


def _calendar(
    entries: list[Entry], method: Literal["PUBLISH", "CANCEL"], public_url: str, now: datetime
) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for entry in entries:
        calendar.add_component(_event(entry, public_url, now))
    return calendar


def _event(entry: Entry, public_url: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"booking-{entry.booking_id}@naraigoto")
    event.add("sequence", int(now.timestamp()) // _EPOCH_STEP)
    event.add("dtstamp", now)
    event.add("dtstart", entry.start_at)
    event.add("dtend", entry.end_at)
    event.add("summary", f"{entry.child}さん {entry.lesson}（{entry.school}）")
    if entry.place:
        event.add("location", entry.place)
    event.add("url", f"{public_url}/bookings/{entry.booking_id}")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
