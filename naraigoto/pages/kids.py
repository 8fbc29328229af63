"""/kids: today's lesson or the next one, big and in kana."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages.guarded import guarded
from naraigoto.state.kids import KidsState
from naraigoto.state.review_due import DueReviewsState
from naraigoto.texts import kids, kids_review


def kids_page(viewer: Any) -> rx.Component:
    """One big lesson, the following ones below, and the way to search."""
    state: Any = KidsState
    lessons = rx.fragment(
        _first(state.lessons[0]),
        rx.cond(state.lessons.length() > 1, _later(state.lessons[1:]), rx.fragment()),
        rx.el.div(_search("secondary"), class_name="pt-8"),
    )
    body = rx.fragment(
        ui.page_heading(state.hello), _due(), rx.cond(state.lessons.length() > 0, lessons, _none())
    )
    return ui.kids_page(guarded(state.access, body, path="/kids", child=True), viewer=viewer)


def line(parts: Any) -> rx.Component:
    """Words with readings, from a text or from a state."""

    def part(pair: Any) -> rx.Component:
        return rx.cond(pair[1] != "", ui.ruby(pair[0], pair[1]), rx.el.span(pair[0]))

    if isinstance(parts, list):
        return rx.fragment(*[ui.ruby(*pair) if pair[1] else rx.el.span(pair[0]) for pair in parts])
    return rx.fragment(rx.foreach(parts, part))


def _due() -> rx.Component:
    """Lessons of which the child has not spoken yet."""
    state: Any = DueReviewsState

    def row(lesson: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(lesson.title, class_name="text-xl font-bold"),
            rx.el.p(line(lesson.school_line)),
            ui.link_button(
                line(kids_review.TO_WRITE),
                href=f"/kids/review/{lesson.id}",
                look="child",
                icon_name="laugh",
                block=True,
                custom_attrs={"aria-label": f"{lesson.title} {kids_review.TO_WRITE[0][0]}"},
            ),
            class_name="np-card flex flex-col gap-2",
            key=lesson.id,
        )

    return ui.when(
        state.lessons.length() > 0,
        rx.el.section(
            rx.el.h2(line(kids_review.DUE_TITLE), class_name="mb-3"),
            rx.el.ul(rx.foreach(state.lessons, row), class_name="flex flex-col gap-3"),
            class_name="mb-8",
        ),
    )


def _first(lesson: Any) -> rx.Component:
    title = rx.cond(lesson.today, line(kids.TODAY_TITLE), line(kids.NEXT_TITLE))
    return rx.el.section(
        rx.el.h2(title, class_name="mb-3"),
        ui.card(
            rx.el.p(
                ui.icon("clock", size=22),
                rx.el.b(line(lesson.left)),
                class_name="np-round inline-flex items-center gap-2 rounded-full px-4 py-1 text-xl"
                " bg-(--child-soft) text-(--child)",
            ),
            rx.el.p(line(lesson.day), class_name="np-round text-2xl"),
            rx.el.p(line(lesson.time), class_name="np-round text-xl"),
            rx.el.h3(lesson.title, class_name="text-2xl"),
            rx.el.a(
                ui.icon("map-pin"),
                rx.el.span(line(lesson.school)),
                href=lesson.href,
                class_name="np-link inline-flex items-center gap-2 min-h-11",
            ),
            class_name="flex flex-col items-start gap-3 p-6 border-l-4 border-l-(--child)",
        ),
    )


def _later(lessons: Any) -> rx.Component:
    def row(lesson: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(line(lesson.day)),
            rx.el.p(line(lesson.time), class_name="np-muted"),
            rx.el.p(lesson.title, class_name="font-bold"),
            rx.el.p(line(lesson.school)),
            class_name="np-card",
            key=lesson.id,
        )

    return rx.el.section(
        rx.el.h2(line(kids.LATER_TITLE), class_name="mt-8 mb-3"),
        rx.el.ul(rx.foreach(lessons, row), class_name="flex flex-col gap-3"),
    )


def _none() -> rx.Component:
    return ui.card(
        ui.empty_state(kids.NONE_TITLE, text=kids.NONE_TEXT, icon_name="sun", action=_search("child"))
    )


def _search(look: Any) -> rx.Component:
    return ui.link_button(line(kids.SEARCH), href="/search", look=look, icon_name="search", block=True)
