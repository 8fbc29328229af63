"""The dialogs of one booking and the places in queues, as a guardian presses through them."""

from datetime import timedelta
from typing import Any

from naraigoto import clock
from naraigoto.models.bookings import Booking, BookingStatus, CancelKind
from naraigoto.models.schedules import LessonSchedule
from naraigoto.services import bookings, queue, waitlist
from naraigoto.state.booking_changes import BookingChangeState
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.bookings import BookingDetailState
from naraigoto.state.calendar import CalendarState
from naraigoto.state.slot_changes import SlotChangeState
from naraigoto.state.waitlist import WaitlistState
from naraigoto.texts import attendance as school_words
from naraigoto.texts import booking_changes as texts
from naraigoto.texts import waitlist as waiting
from tests import factories as make
from tests.state.cast import Cast, fire, tab


async def booked(cast: Cast, **over: Any) -> bookings.BookingView:
    values: dict[str, Any] = {"schedule_id": cast.stage.slot.id, "child_id": cast.stage.child.id} | over
    async with cast.committed() as session:
        return await bookings.book(session, cast.stage.actor, **values, now=clock.now())


async def opened(cast: Cast, booking: bookings.BookingView, who: str = "hanako") -> Any:
    return await tab(BookingChangeState, cast.cookies[who], f"/bookings/{booking.id}")


async def row(cast: Cast, booking: bookings.BookingView) -> Booking:
    async with cast.committed() as session:
        return await session.get_one(Booking, booking.id)


async def make_late(cast: Cast, booking: bookings.BookingView) -> None:
    """Free cancelling ended an hour ago, and the booking is older than its grace."""
    async with cast.committed() as session:
        stored = await session.get_one(Booking, booking.id)
        stored.cancel_until = clock.now() - timedelta(hours=1)
        stored.created_at = clock.now() - timedelta(hours=2)
        session.add(stored)


async def test_in_time_the_dialog_says_that_it_is_free_and_cancels(cast: Cast) -> None:
    booking = await booked(cast)
    state = await opened(cast, booking)

    await fire(state, "ask_cancel")

    assert (state.dialog, state.terms.free) == ("cancel", True)
    assert state.terms.headline == texts.free_headline(1)
    await fire(state, "cancel", {"reason": "plans"})
    assert (state.dialog, state.said) == ("", texts.returned(1))
    assert (await row(cast, booking)).status is BookingStatus.CANCELLED


async def test_late_the_dialog_warns_and_offers_illness(cast: Cast) -> None:
    booking = await booked(cast)
    await make_late(cast, booking)
    state = await opened(cast, booking)

    await fire(state, "ask_cancel")

    assert (state.terms.free, state.terms.sickness) == (False, True)
    assert "過ぎています" in state.terms.headline
    await fire(state, "cancel", {"reason": "sickness"})
    assert (await row(cast, booking)).cancel_kind is CancelKind.COURTESY
    assert state.said == texts.returned(1)


async def test_a_second_illness_within_thirty_days_is_not_offered(cast: Cast) -> None:
    booking = await booked(cast)
    await make_late(cast, booking)
    async with cast.committed() as session:
        reason = bookings.CancelReason.SICKNESS
        await bookings.cancel(
            session, cast.stage.actor, booking_id=booking.id, reason=reason, now=clock.now()
        )
    again = await booked(cast)
    await make_late(cast, again)
    state = await opened(cast, again)

    await fire(state, "ask_cancel")

    assert (state.terms.sickness, "使用済み" in state.terms.note) == (False, True)
    await fire(state, "cancel", {"reason": "sickness"})
    assert (state.dialog, "30日に1回" in state.error, state.busy) == ("cancel", True, False)
    assert (await row(cast, again)).status is BookingStatus.RESERVED


async def test_nobody_else_opens_the_dialog(cast: Cast) -> None:
    booking = await booked(cast)

    for who in ("guest", "outsider", "sora", "ito"):
        state = await opened(cast, booking, who)
        await fire(state, "ask_cancel")
        assert (state.dialog, state.terms.headline) == ("", "")
        await fire(state, "cancel", {"reason": "plans"})
        await fire(state, "accept")
    assert (await row(cast, booking)).status is BookingStatus.RESERVED


async def test_another_slot_is_chosen_and_taken(cast: Cast) -> None:
    booking = await booked(cast)
    async with cast.committed() as session:
        other = await make.make_schedule(
            session, cast.stage.lesson, start_at=cast.stage.slot.start_at + timedelta(days=7)
        )
    state = await opened(cast, booking)

    await fire(state, "ask_reschedule")

    assert [slot.id for slot in state.slots] == [str(other.id)]
    await fire(state, "reschedule", {})
    assert (state.dialog, state.error) == ("reschedule", texts.CHOOSE_SLOT)
    await fire(state, "reschedule", {"schedule_id": str(other.id)})
    assert (state.dialog, state.said) == ("", texts.RESCHEDULED)
    assert (await row(cast, booking)).schedule_id == other.id


async def test_a_moved_slot_is_shown_and_accepted(cast: Cast) -> None:
    booking = await booked(cast)
    owner = await tab(SlotChangeState, cast.cookies["ito"], "/school")
    later = clock.jst(cast.stage.slot.start_at + timedelta(hours=2))
    await fire(owner, "ask", str(cast.stage.slot.id), "move")
    assert owner.slot.time == "10:00"
    await fire(owner, "move", {"date": later.date().isoformat(), "time": f"{later:%H:%M}"})
    assert owner.said == school_words.slot_moved(1, 0)

    page = await tab(BookingDetailState, cast.cookies["hanako"], f"/bookings/{booking.id}")
    await fire(page, "load")
    assert (page.facts.question, page.facts.status) == (texts.MOVED_TITLE, "asked")
    assert page.code.startswith("data:image/svg+xml")
    assert any("教室が日時を変更しました" in line.what for line in page.story)
    await fire(await opened(cast, booking), "accept")

    await fire(page, "refresh")
    assert page.facts.question == ""


async def test_a_bad_moment_keeps_the_dialog_open(cast: Cast) -> None:
    owner = await tab(SlotChangeState, cast.cookies["ito"], "/school")
    await fire(owner, "ask", str(cast.stage.slot.id), "move")

    for form in ({"date": "", "time": ""}, {"date": "明日", "time": "10:00"}, None):
        await fire(owner, "move", form)
        assert (owner.what, owner.error) == ("move", school_words.BAD_MOMENT)
    await fire(owner, "move", {"date": "2020-01-01", "time": "10:00"})
    assert (owner.what, owner.busy) == ("move", False)
    assert owner.error


async def test_a_school_cancels_a_slot_from_its_day(cast: Cast) -> None:
    booking = await booked(cast)
    owner = await tab(SlotChangeState, cast.cookies["ito"], "/school")
    await fire(owner, "ask", str(cast.stage.slot.id), "cancel")

    await fire(owner, "cancel", {"reason": "講師急病"})

    assert owner.said == school_words.slot_cancelled(1, 0)
    assert (await row(cast, booking)).cancel_kind is CancelKind.SCHOOL


async def test_another_family_waits_is_offered_the_seat_and_takes_it(cast: Cast) -> None:
    async with cast.committed() as session:
        slot = await session.get_one(LessonSchedule, cast.stage.slot.id)
        slot.capacity = slot.held_count = 1
        session.add(slot)
    dialog = await tab(BookingState, cast.cookies["hanako"], f"/schools/{cast.stage.school.id}")
    await fire(dialog, "choose", str(cast.stage.slot.id))
    await fire(dialog, "wait", {"child_id": str(cast.stage.child.id)})
    assert (dialog.step, dialog.made.left) == ("waiting", waiting.position(1))
    state = await tab(WaitlistState, cast.cookies["hanako"], "/bookings")
    await fire(state, "load")
    assert [(place.position, place.held) for place in state.places] == [(waiting.position(1), "")]

    async with cast.committed() as session:
        slot = await session.get_one(LessonSchedule, cast.stage.slot.id)
        slot.held_count = 0
        session.add(slot)
        await session.flush()
        await queue.offer_free_seats(session, slot.id, now=clock.now())
    await fire(state, "load")
    (place,) = state.places
    assert place.held
    await fire(state, "book", place.schedule_id, place.child_id)

    assert (state.said, state.places, await cast.bookings()) == (waiting.BOOKED, [], 1)


async def test_a_place_is_given_up(cast: Cast) -> None:
    async with cast.committed() as session:
        slot = await session.get_one(LessonSchedule, cast.stage.slot.id)
        slot.booked_count = slot.capacity
        session.add(slot)
        await session.flush()
        await waitlist.join(
            session,
            cast.stage.actor,
            schedule_id=slot.id,
            child_id=cast.stage.child.id,
            now=clock.now(),
        )
    state = await tab(WaitlistState, cast.cookies["hanako"], "/bookings")
    await fire(state, "load")

    await fire(state, "leave", state.places[0].schedule_id, state.places[0].child_id)

    assert (state.places, state.said) == ([], waiting.LEFT)


async def test_the_calendar_shows_the_month_and_makes_an_address(cast: Cast) -> None:
    booking = await booked(cast)
    state = await tab(CalendarState, cast.cookies["hanako"], "/bookings")
    await fire(state, "load")

    shown = {chip.id for week in state.weeks for day in week.days for chip in day.lessons}
    assert str(booking.id) in shown
    assert {len(week.days) for week in state.weeks} == {7}
    await fire(state, "make")
    first = state.address
    await fire(state, "make")
    assert first != state.address
    await fire(state, "turn", 1)
    assert state.address
    await fire(state, "end")
    assert state.address == ""


async def test_nobody_else_has_the_familys_calendar(cast: Cast) -> None:
    await booked(cast)

    for who in ("guest", "sora", "ito"):
        state = await tab(CalendarState, cast.cookies[who], "/bookings")
        await fire(state, "load")
        await fire(state, "make")
        assert (state.weeks, state.address) == ([], "")
