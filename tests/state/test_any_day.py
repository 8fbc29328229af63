"""A lesson is booked, seen by everybody and cancelled, whatever day and hour it is."""

from datetime import datetime

import pytest

from naraigoto import clock
from naraigoto.state.attendance import AttendanceState
from naraigoto.state.booking_changes import BookingChangeState
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.calendar import CalendarState
from naraigoto.state.kids import KidsState
from naraigoto.state.member_home import MemberHomeState
from naraigoto.state.tickets import TicketsState
from naraigoto.texts import booking_changes as texts
from tests.clocks import MOMENTS, at
from tests.conftest import Committed
from tests.state.cast import Cast, fire, open_cast, tab


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%Y-%m-%d %H:%M}")
async def test_a_lesson_is_booked_seen_and_cancelled_on_any_day(
    committed: Committed, moment: datetime
) -> None:
    with at(moment):
        cast = await open_cast(committed)
        path = await booked(cast)

        home = await tab(MemberHomeState, cast.cookies["hanako"], "/home")
        await fire(home, "load")
        assert (home.tickets_left, [booking.child for booking in home.bookings]) == (3, ["そら"])
        kids = await tab(KidsState, cast.cookies["sora"], "/kids")
        await fire(kids, "load")
        assert [(lesson.title, lesson.today) for lesson in kids.lessons] == [("はじめての水泳", False)]
        assert await lessons_in_calendar(cast) == [path]
        assert await children_on_roster(cast) == ["そら"]

        change = await tab(BookingChangeState, cast.cookies["hanako"], path)
        await fire(change, "ask_cancel")
        assert change.terms.free
        await fire(change, "cancel", {"reason": "plans"})
        assert change.said == texts.returned(1)
        tickets = await tab(TicketsState, cast.cookies["hanako"], "/tickets")
        await fire(tickets, "load")
        assert (tickets.left, [line.moved for line in tickets.lines]) == (4, ["+1枚", "−1枚", "+4枚"])


async def booked(cast: Cast) -> str:
    """Book the slot for the child; the address of the booking."""
    dialog = await tab(BookingState, cast.cookies["hanako"], f"/schools/{cast.stage.school.id}")
    await fire(dialog, "choose", str(cast.stage.slot.id))
    await fire(dialog, "confirm", {"child_id": str(cast.stage.child.id)})
    assert (dialog.step, dialog.made.left) == ("done", "残りのチケット: 3枚")
    return dialog.made.href


async def lessons_in_calendar(cast: Cast) -> list[str]:
    """Addresses of the lessons in the month of the slot."""
    calendar = await tab(CalendarState, cast.cookies["hanako"], "/bookings")
    await fire(calendar, "load")
    if clock.month_of(cast.stage.slot.start_at) != clock.month_of(clock.now()):
        assert calendar.lessons == []
        await fire(calendar, "turn", 1)
    return [f"/bookings/{chip.id}" for chip in calendar.lessons]


async def children_on_roster(cast: Cast) -> list[str]:
    """Names on the roster of the day of the slot."""
    day = clock.jst_date(cast.stage.slot.start_at)
    roster = await tab(AttendanceState, cast.cookies["ito"], f"/school?date={day}")
    await fire(roster, "load")
    return [child.name for slot in roster.slots for child in slot.children]
