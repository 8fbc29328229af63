"""/instructors/[instructor_id]: who teaches, when, and what both voices say of them."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components import place
from naraigoto.pages.bookings import booking_dialog
from naraigoto.pages.schools import found, portrait
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.instructors import InstructorState
from naraigoto.texts import schools as words


def instructor_page(viewer: Any) -> rx.Component:
    """Everything about one instructor; slots can be booked from here."""
    person: Any = InstructorState.instructor
    return ui.page(
        found(InstructorState.access, _body(person, viewer), title=words.TEACHER_NOT_FOUND),
        booking_dialog(after=InstructorState.refresh_slots),
        rx.el.span(on_unmount=InstructorState.leave),
        viewer=viewer,
        section="search",
        width="text",
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
        _section(words.PROFILE, rx.el.p(person.profile, class_name="whitespace-pre-line")),
        rx.cond(
            person.classes.length() > 0,
            _section(
                words.TEACHES,
                rx.el.ul(
                    rx.foreach(person.classes, lambda title: rx.el.li(ui.badge(title), key=title)),
                    class_name="flex flex-wrap gap-2",
                ),
            ),
            rx.fragment(),
        ),
        _slots(person, viewer),
        _reviews(),
    )


def _section(title: str, *children: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="mb-3"), *children, class_name="pt-10", custom_attrs={"aria-label": title}
    )


def _slots(person: Any, viewer: Any) -> rx.Component:
    return _section(
        words.SLOTS,
        ui.alert_if(InstructorState.problem, class_name="mb-3"),
        place.slot_days(
            InstructorState, viewer=viewer, login_href=person.login_href, on_book=BookingState.choose
        ),
    )


def _reviews() -> rx.Component:
    return _section(
        words.REVIEWS_OF_TEACHER,
        place.figures(InstructorState.parent, InstructorState.child),
        rx.el.div(
            place.reviews(
                tab=InstructorState.tab,
                on_tab=InstructorState.turn,
                pairs=InstructorState.pairs,
                singles=InstructorState.reviews,
                more=InstructorState.review_cursor != "",
                on_more=InstructorState.more_reviews,
            ),
            class_name="pt-4",
        ),
    )
