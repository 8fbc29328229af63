"""Every page and its address; `register` is called by the composition root."""

from collections.abc import Callable
from typing import Any, NamedTuple

import reflex as rx

from naraigoto.pages import (
    attendance,
    booking_detail,
    bookings,
    check_in,
    home,
    instructors,
    kids,
    login,
    member_home,
    not_found,
    operations,
    schools,
    search,
)
from naraigoto.state.attendance import AttendanceState
from naraigoto.state.booking_changes import BookingChangeState
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.bookings import BookingDetailState, BookingListState
from naraigoto.state.check_in import CheckInState
from naraigoto.state.home import HomeState
from naraigoto.state.instructors import InstructorState
from naraigoto.state.kids import KidsState
from naraigoto.state.login import LoginState
from naraigoto.state.member_home import MemberHomeState
from naraigoto.state.operations import OperationsState
from naraigoto.state.schools import SchoolState
from naraigoto.state.search import SearchState
from naraigoto.state.session import SessionState
from naraigoto.state.slot_changes import SlotChangeState
from naraigoto.state.waitlist import WaitlistState
from naraigoto.texts import attendance as attendance_texts
from naraigoto.texts import bookings as bookings_texts
from naraigoto.texts import home as home_texts
from naraigoto.texts import kids as kids_texts
from naraigoto.texts import login as login_texts
from naraigoto.texts import member_home as member_home_texts
from naraigoto.texts import outbox as outbox_texts
from naraigoto.texts import search as search_texts
from naraigoto.texts import ui


class Route(NamedTuple):
    """A page: where it lies, what draws it, what the browser's tab says, what it loads after the viewer."""

    path: str
    draw: Callable[[], rx.Component]
    title: Any
    on_load: tuple[Any, ...] = ()
    description: str | None = None


def _routes(*, production: bool) -> list[Route]:
    return [
        Route(
            "/",
            lambda: home.home_page(SessionState.viewer),
            home_texts.TITLE,
            (HomeState.load,),
            home_texts.DESCRIPTION,
        ),
        Route(
            "/search",
            lambda: search.search_page(SessionState.viewer),
            ui.titled(search_texts.TITLE),
            (SearchState.load,),
            search_texts.DESCRIPTION,
        ),
        Route(
            "/schools/[school_id]",
            lambda: schools.school_page(SessionState.viewer),
            SchoolState.title,
            (BookingState.close, SchoolState.load),
        ),
        Route(
            "/instructors/[instructor_id]",
            lambda: instructors.instructor_page(SessionState.viewer),
            InstructorState.title,
            (BookingState.close, InstructorState.load),
        ),
        Route(
            "/login",
            lambda: login.login_page(SessionState.viewer, examples=not production),
            ui.titled(login_texts.TITLE),
            (LoginState.load,),
        ),
        Route(
            "/home",
            lambda: member_home.member_home_page(SessionState.viewer),
            ui.titled(member_home_texts.TITLE),
            (MemberHomeState.load,),
        ),
        Route(
            "/bookings",
            lambda: bookings.bookings_page(SessionState.viewer),
            ui.titled(bookings_texts.TITLE),
            (WaitlistState.load, BookingListState.load),
        ),
        Route(
            "/bookings/[booking_id]",
            lambda: booking_detail.booking_page(SessionState.viewer),
            ui.titled(bookings_texts.DETAIL_TITLE),
            (BookingChangeState.close, BookingDetailState.load),
        ),
        Route(
            "/kids",
            lambda: kids.kids_page(SessionState.viewer),
            ui.titled(kids_texts.TITLE),
            (KidsState.load,),
        ),
        Route(
            "/school",
            lambda: attendance.attendance_page(SessionState.viewer),
            ui.titled(attendance_texts.TITLE),
            (SlotChangeState.close, AttendanceState.load),
        ),
        Route(
            "/school/check-in/[checked_id]",
            lambda: check_in.check_in_page(SessionState.viewer),
            ui.titled(attendance_texts.CHECK_IN),
            (CheckInState.load,),
        ),
        Route(
            "/admin/operations",
            lambda: operations.operations_page(SessionState.viewer),
            ui.titled(outbox_texts.TITLE),
            (OperationsState.load,),
        ),
    ]


def _developer_routes() -> list[Route]:
    # Their states must not exist in production.
    from naraigoto.pages import kit, mailbox
    from naraigoto.state.mailbox import MailboxState
    from naraigoto.texts import mailbox as mailbox_texts

    return [
        Route("/dev/kit", lambda: kit.kit_page(SessionState.viewer), ui.titled(ui.KIT)),
        Route(
            "/dev/mailbox",
            lambda: mailbox.mailbox_page(SessionState.viewer),
            ui.titled(mailbox_texts.TITLE),
            (MailboxState.load,),
        ),
    ]


def register(app: rx.App, *, production: bool) -> None:
    """Add every page to the app; the developers' pages only outside production."""
    for route in _routes(production=production) + ([] if production else _developer_routes()):
        app.add_page(
            route.draw,
            route=route.path,
            title=route.title,
            description=route.description,
            image="/favicon.svg",
            on_load=[SessionState.load, *route.on_load],
        )
    app.add_page(
        lambda: not_found.not_found_page(SessionState.viewer),
        route="404",
        title=ui.titled(ui.NOT_FOUND_TITLE),
        image="/favicon.svg",
        on_load=SessionState.load,
    )
