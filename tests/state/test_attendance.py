"""/school shows the day the address names, and what a press has changed."""

from datetime import timedelta
from typing import Any

import pytest
import reflex as rx

from naraigoto import clock
from naraigoto.models.accounts import User
from naraigoto.models.base import new_id
from naraigoto.models.bookings import BookingStatus, CancelKind
from naraigoto.services import sessions
from naraigoto.state.attendance import AttendanceState
from naraigoto.state.operations import OperationsState
from tests import factories as make
from tests.conftest import Committed


async def screen(committed: Committed, kind: type[rx.State], user: User | None, path: str) -> Any:
    """The state behind the page of a person who just opened it."""
    cookie = ""
    if user is not None:
        async with committed() as session:
            opened = await sessions.create(session, user.id, user_agent="test", now=clock.now())
        cookie = f"naraigoto_session={opened.token}"
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    root.router_data = {"headers": {"cookie": cookie}, "pathname": path, "asPath": path, "token": "t"}
    root._update_router_vars(root.router_data, {})
    state: Any = await root.get_state(kind)
    await kind.load.fn(state)  # pyright: ignore[reportAttributeAccessIssue]
    return state


async def press(state: Any, booking_id: object, status: str) -> None:
    await AttendanceState.record.fn(state, str(booking_id), status)  # pyright: ignore


def address(booked: make.Booked, **more: str) -> str:
    day = clock.jst_date(booked.schedule.start_at)
    return f"/school?date={day}" + "".join(f"&{key}={value}" for key, value in more.items())


@pytest.mark.parametrize(
    ("ahead", "phase"),
    [
        (timedelta(minutes=30), "early"),
        (timedelta(minutes=10), "open"),
        (timedelta(days=-7, minutes=-1), "closed"),
    ],
)
async def test_a_slot_says_when_attendance_can_be_recorded(
    committed: Committed, ahead: timedelta, phase: str
) -> None:
    async with committed() as session:
        booked = await make.make_booked(session, start_at=clock.now() + ahead)

    state = await screen(committed, AttendanceState, booked.owner, address(booked))

    (slot,) = state.slots
    start = clock.jst(booked.schedule.start_at)
    assert (slot.phase, slot.seats, slot.instructor) == (phase, "1/5名", "おまかせ")
    assert slot.opens == f"{start.hour}:{start:%M}の15分前から記録できます"
    assert [(row.name, row.guardian, row.status) for row in slot.children] == [
        ("そら", "保護者 花子さん", "reserved")
    ]


async def test_a_press_shows_at_once_and_the_other_undoes_it(committed: Committed) -> None:
    async with committed() as session:
        booked = await make.make_booked(session, start_at=clock.now())
    state = await screen(committed, AttendanceState, booked.owner, address(booked))

    await press(state, booked.booking.id, "attended")
    assert (state.slots[0].children[0].status, state.message) == (
        "attended",
        "そらさんを「出席」にしました",
    )
    await press(state, booked.booking.id, "absent")
    assert (state.slots[0].children[0].status, state.message) == (
        "absent",
        "そらさんを「欠席」にしました",
    )


async def test_a_refusal_is_told_beside_the_child(committed: Committed) -> None:
    async with committed() as session:
        booked = await make.make_booked(session, start_at=clock.now())
    state = await screen(committed, AttendanceState, booked.owner, address(booked))
    async with committed() as session:
        booked.booking.status, booked.booking.cancel_kind = BookingStatus.CANCELLED, CancelKind.LATE
        booked.booking.cancelled_at = clock.now()
        session.add(booked.booking)

    await press(state, booked.booking.id, "attended")

    assert (state.error, state.error_at) == ("この予約はキャンセルされています", str(booked.booking.id))


async def test_the_arrows_lead_to_the_neighbouring_days(committed: Committed) -> None:
    async with committed() as session:
        booked = await make.make_booked(session)
    today = clock.jst_date(clock.now())

    state = await screen(committed, AttendanceState, booked.owner, "/school")

    assert (state.is_today, state.today) == (True, "/school")
    assert state.previous == f"/school?date={today - timedelta(days=1)}"
    assert state.following == f"/school?date={today + timedelta(days=1)}"
    assert state.slots == []


@pytest.mark.parametrize(
    "query", ["date=yesterday", "date=9999-12-31", "date=", "school=x", "date=0001-01-01"]
)
async def test_a_strange_address_shows_today(committed: Committed, query: str) -> None:
    async with committed() as session:
        booked = await make.make_booked(session)

    state = await screen(committed, AttendanceState, booked.owner, f"/school?{query}")

    assert (state.access, state.is_today) == ("ok", True)


async def test_who_runs_two_schools_chooses_one(committed: Committed) -> None:
    async with committed() as session:
        owner = await make.make_user(session, make.UserType.SCHOOL_OWNER)
        first = await make.make_school(session, owner=owner, name="あおば水泳")
        booked = await make.make_booked(session, owner=owner, start_at=clock.now())

    state = await screen(committed, AttendanceState, owner, address(booked, school=str(booked.school.id)))

    assert [(school.name, school.current) for school in state.schools] == [
        ("あおば水泳", False),
        ("スマイル水泳", True),
    ]
    assert f"school={first.id}" in state.schools[0].href
    assert len(state.slots) == 1


async def test_a_foreign_school_in_the_address_shows_ones_own(committed: Committed) -> None:
    async with committed() as session:
        mine = await make.make_booked(session, start_at=clock.now())
        other = await make.make_booked(session, start_at=clock.now())

    state = await screen(committed, AttendanceState, mine.owner, address(other, school=str(other.school.id)))

    assert [slot.id for slot in state.slots] == [str(mine.schedule.id)]
    await press(state, other.booking.id, "attended")
    assert state.error == "ページが見つかりません"


async def test_others_find_no_roster_and_no_operations(committed: Committed) -> None:
    async with committed() as session:
        booked = await make.make_booked(session, start_at=clock.now())

    for kind in (AttendanceState, OperationsState):
        guardian = await screen(committed, kind, booked.guardian, "/school")
        guest = await screen(committed, kind, None, "/school")
        assert (guardian.access, guest.access) == ("missing", "login")
    press_of_a_guest = await screen(committed, AttendanceState, None, "/school")
    await press(press_of_a_guest, new_id(), "attended")
    assert press_of_a_guest.access == "login"
