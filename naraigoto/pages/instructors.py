"""/instructors/[instructor_id]: who teaches, when, and what both voices say of them."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components import place
from naraigoto.pages.bookings import booking_dialog
from naraigoto.pages.review_reports import report_dialog
from naraigoto.pages.schools import found, portrait
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.instructors import InstructorState
from naraigoto.state.review_reports import ReviewReportState
from naraigoto.texts import schools as words


def instructor_page(viewer: Any) -> rx.Component:
    """Everything about one instructor; slots can be booked from here."""
    person: Any = InstructorState.instructor
    return ui.page(
        found(InstructorState.access, _body(person, viewer), title=words.TEACHER_NOT_FOUND),
        booking_dialog(after=InstructorState.refresh_slots),
        report_dialog(login_href=person.login_href),
        rx.el.span(on_unmount=InstructorState.leave),
        viewer=viewer,
        section="search",
        width="text",
        message=ReviewReportState.said,
        on_message_done=ReviewReportState.spoken,
    )


def _body(person: Any, viewer: Any) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            portrait(person.image, person.name, "h-24 w-24 md:h-32 md:w-32"),
            rx.el.div(
                ui.when(ui.filled(person.kana), rx.el.p(person.kana, class_name="np-muted np-small")),
                rx.el.h1(person.name, tab_index=-1),
                rx.el.p(
                    ui.text_link(person.school, href=person.school_href),
                    rx.el.span(person.category, " ・ ", person.area, class_name="np-muted np-small"),
                    class_name="flex flex-wrap items-center gap-x-3",
                ),
                class_name="min-w-0",
            ),
            class_name="flex items-center gap-5",
        ),
        place.section(words.PROFILE, rx.el.p(person.profile, class_name="whitespace-pre-line")),
        rx.cond(
            person.classes.length() > 0,
            place.section(
                words.TEACHES,
                rx.el.ul(
                    rx.foreach(person.classes, lambda title: rx.el.li(ui.badge(title), key=title)),
                    class_name="flex flex-wrap gap-2",
                ),
            ),
            rx.fragment(),
        ),
        _slots(person, viewer),
        place.reviews_section(InstructorState, words.REVIEWS_OF_TEACHER, on_report=ReviewReportState.ask),
    )


def _slots(person: Any, viewer: Any) -> rx.Component:
    return place.slots_section(
        InstructorState, viewer=viewer, login_href=person.login_href, on_book=BookingState.choose
    )
