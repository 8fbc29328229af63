"""Every page and its address; `register` is called by the composition root."""

import reflex as rx

from naraigoto.pages import (
    attendance,
    booking_detail,
    bookings,
    check_in,
    child_mode,
    families,
    home,
    instructors,
    joining,
    kids,
    legal,
    login,
    member_home,
    not_found,
    operations,
    plan_order,
    plans,
    review_routes,
    schools,
    search,
    settings,
    sign_up,
    tickets,
    undo,
)
from naraigoto.pages.route import Route
from naraigoto.state.attendance import AttendanceState
from naraigoto.state.audit import AuditState
from naraigoto.state.booking_changes import BookingChangeState
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.bookings import BookingDetailState, BookingListState
from naraigoto.state.check_in import CheckInState
from naraigoto.state.child_form import ChildFormState
from naraigoto.state.child_mode import ChildModeState
from naraigoto.state.door import DoorState
from naraigoto.state.families import FamilyState
from naraigoto.state.family_reviews import FamilyReviewsState
from naraigoto.state.home import HomeState
from naraigoto.state.instructors import InstructorState
from naraigoto.state.joining import JoinState
from naraigoto.state.kids import KidsState
from naraigoto.state.legal import LegalState
from naraigoto.state.login import LoginState
from naraigoto.state.member_home import MemberHomeState
from naraigoto.state.money_operations import MoneyOperationsState
from naraigoto.state.operations import OperationsState
from naraigoto.state.plans import ConfirmState, OrderedState, PlansState
from naraigoto.state.review_due import DueReviewsState
from naraigoto.state.review_reports import ReviewReportState
from naraigoto.state.saved_searches import SavedSearchState
from naraigoto.state.schools import SchoolState
from naraigoto.state.search import SearchState
from naraigoto.state.session import SessionState
from naraigoto.state.settings import SettingsState
from naraigoto.state.sign_up import MailedLinkState, SignUpState
from naraigoto.state.slot_changes import SlotChangeState
from naraigoto.state.tickets import TicketsState
from naraigoto.state.waitlist import WaitlistState
from naraigoto.texts import attendance as attendance_texts
from naraigoto.texts import bookings as bookings_texts
from naraigoto.texts import families as families_texts
from naraigoto.texts import home as home_texts
from naraigoto.texts import kids as kids_texts
from naraigoto.texts import login as login_texts
from naraigoto.texts import member_home as member_home_texts
from naraigoto.texts import outbox as outbox_texts
from naraigoto.texts import plans as plans_texts
from naraigoto.texts import search as search_texts
from naraigoto.texts import settings as settings_texts
from naraigoto.texts import sign_up as sign_up_texts
from naraigoto.texts import tickets as tickets_texts
from naraigoto.texts import ui
from naraigoto.texts import undo as undo_texts
from naraigoto.texts.legal import Document
from naraigoto.texts.legal import privacy as privacy_texts
from naraigoto.texts.legal import terms as terms_texts
from naraigoto.texts.legal import tokushoho as tokushoho_texts

_LEGAL = (
    ("/legal/terms", terms_texts.DOCUMENT),
    ("/legal/privacy", privacy_texts.DOCUMENT),
    ("/legal/tokushoho", tokushoho_texts.DOCUMENT),
)


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
            SearchState.title,
            (SearchState.load, SavedSearchState.load),
            search_texts.DESCRIPTION,
        ),
        Route(
            "/schools/[school_id]",
            lambda: schools.school_page(SessionState.viewer),
            SchoolState.title,
            (BookingState.close, ReviewReportState.close, SchoolState.load),
        ),
        Route(
            "/instructors/[instructor_id]",
            lambda: instructors.instructor_page(SessionState.viewer),
            InstructorState.title,
            (BookingState.close, ReviewReportState.close, InstructorState.load),
        ),
        Route(
            "/login",
            lambda: login.login_page(SessionState.viewer, examples=not production),
            ui.titled(login_texts.TITLE),
            (LoginState.load, DoorState.load),
        ),
        Route(
            "/signup",
            lambda: sign_up.sign_up_page(SessionState.viewer),
            ui.titled(sign_up_texts.TITLE),
            (SignUpState.load, DoorState.load),
        ),
        Route(
            "/verify",
            lambda: sign_up.verify_page(SessionState.viewer),
            ui.titled(sign_up_texts.VERIFY_TITLE),
            (MailedLinkState.load,),
        ),
        Route(
            "/reset",
            lambda: sign_up.reset_page(SessionState.viewer),
            ui.titled(sign_up_texts.RESET_TITLE),
            (MailedLinkState.load,),
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
            (WaitlistState.load, DueReviewsState.load, BookingListState.load),
        ),
        Route(
            "/bookings/[booking_id]",
            lambda: booking_detail.booking_page(SessionState.viewer),
            ui.titled(bookings_texts.DETAIL_TITLE),
            (BookingChangeState.close, BookingDetailState.load),
        ),
        Route(
            "/family",
            lambda: families.family_page(SessionState.viewer),
            ui.titled(families_texts.TITLE),
            (ChildFormState.close, FamilyState.load, FamilyReviewsState.load),
        ),
        Route(
            "/join/[code]",
            lambda: joining.join_page(SessionState.viewer),
            ui.titled(families_texts.JOIN_TITLE),
            (JoinState.load,),
        ),
        Route(
            "/kids/guardian",
            lambda: child_mode.guardian_page(SessionState.viewer),
            ui.titled(families_texts.BACK_PAGE),
            (ChildModeState.load,),
        ),
        Route(
            "/plans",
            lambda: plans.plans_page(SessionState.viewer),
            ui.titled(plans_texts.TITLE),
            (PlansState.load,),
            plans_texts.DESCRIPTION,
        ),
        Route(
            "/plans/confirm",
            lambda: plan_order.confirm_page(SessionState.viewer),
            ui.titled(plans_texts.CONFIRM_TITLE),
            (ConfirmState.load,),
        ),
        Route(
            "/plans/done",
            lambda: plan_order.ordered_page(SessionState.viewer),
            ui.titled(plans_texts.DONE_TITLE),
            (OrderedState.load,),
        ),
        Route(
            "/tickets",
            lambda: tickets.tickets_page(SessionState.viewer),
            ui.titled(tickets_texts.TITLE),
            (TicketsState.load,),
        ),
        Route(
            "/kids",
            lambda: kids.kids_page(SessionState.viewer),
            ui.titled(kids_texts.TITLE),
            (DueReviewsState.load, KidsState.load),
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
            (OperationsState.load, MoneyOperationsState.load, AuditState.load),
        ),
        Route(
            "/settings",
            lambda: settings.settings_page(SessionState.viewer),
            ui.titled(settings_texts.TITLE),
            (SettingsState.load,),
        ),
        Route(
            "/goodbye",
            lambda: settings.goodbye_page(SessionState.viewer),
            ui.titled(settings_texts.GOODBYE_TITLE),
        ),
        *review_routes.routes(),
        Route("/undo", lambda: undo.undo_page(SessionState.viewer), ui.titled(undo_texts.TITLE)),
        *(_legal_route(path, document) for path, document in _LEGAL),
    ]


def _legal_route(path: str, document: Document) -> Route:
    return Route(
        path,
        lambda: legal.legal_page(SessionState.viewer, document),
        ui.titled(document.title),
        (LegalState.load,),
        document.description,
    )


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
