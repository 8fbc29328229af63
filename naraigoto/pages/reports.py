"""/admin/reports: a queue by urgency, the thing in its context, the decision, the month in numbers."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.rating_inputs import words_input
from naraigoto.pages.guarded import guarded
from naraigoto.state.reports import ReportsState
from naraigoto.texts import reports as texts
from naraigoto.texts import schools

# Where the focus goes: to the case's heading, and back to the button that opened it.
_CASE, _ROW = "case", "look-"


def reports_page(viewer: Any) -> rx.Component:
    """The queue or the chosen case, and the numbers below."""
    state: Any = ReportsState
    refresh = ui.button(texts.REFRESH, look="secondary", icon_name="refresh-cw", on_click=ReportsState.load)
    queue = rx.fragment(
        ui.tabs(texts.TABS, state.tab, state.turn, label=texts.SECTIONS),
        *[
            ui.tab_panel(key, state.tab, rx.cond(state.tab == key, _queue(state), ""))
            for key, _words in texts.TABS
        ],
        _numbers(state),
    )
    body = rx.fragment(
        ui.page_heading(texts.TITLE, lead=texts.LEAD, action=refresh),
        ui.alert_if(state.error, class_name="mb-4"),
        rx.cond(state.chosen.id != "", _case(state), queue),
        ui.focus_follows(state.chosen.id, inside=_CASE, row=_ROW),
    )
    return ui.staff_page(
        guarded(state.access, body, path="/admin/reports"),
        viewer=viewer,
        section="reports",
        message=state.said,
        on_message_done=ReportsState.spoken,
    )


def _queue(state: Any) -> rx.Component:
    some = rx.fragment(
        rx.el.p(state.waiting, class_name="np-small np-muted mb-3"),
        rx.el.ul(rx.foreach(state.cases, _row), class_name="flex flex-col gap-3"),
        ui.pager(state.has_more, ReportsState.more),
    )
    none = ui.card(ui.empty_state(texts.NONE, text=texts.NONE_TEXT, icon_name="circle-check"))
    return rx.cond(state.cases.length() > 0, some, none)


def _row(case: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            ui.when(case.urgent, ui.badge(texts.URGENT, tone="danger", icon_name="triangle-alert")),
            ui.badge(case.kind, tone="info"),
            rx.el.b(case.reasons),
            rx.el.span(case.since, class_name="np-small np-muted"),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        _rating(case),
        rx.el.p(case.comment, class_name="line-clamp-3 whitespace-pre-line"),
        rx.el.div(
            rx.el.span(case.about, class_name="np-small np-muted min-w-0 flex-1"),
            ui.when(case.decided != "", rx.el.span(case.decided, class_name="np-small")),
            ui.button(
                texts.LOOK,
                look="secondary",
                id=_ROW + case.id,
                on_click=ReportsState.look(case.id),
                custom_attrs={"aria-label": case.label},
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        class_name=rx.cond(
            case.urgent,
            "np-card flex flex-col gap-2 border-l-4 border-l-(--danger)",
            "np-card flex flex-col gap-2",
        ),
        key=case.id,
    )


def _rating(case: Any) -> rx.Component:
    return rx.el.div(rx.cond(case.child, ui.faces(case.rating), ui.stars(case.rating)))


def _case(state: Any) -> rx.Component:
    case = state.chosen
    view = case.view
    return rx.el.div(
        rx.el.div(
            ui.button(texts.BACK, look="quiet", icon_name="chevron-left", on_click=ReportsState.back),
            class_name="mb-2",
        ),
        rx.el.div(
            rx.el.div(_thing(case, view), _context(case), class_name="flex min-w-0 flex-col gap-6"),
            rx.el.div(
                _people(case),
                rx.cond(case.actions.length() > 0, _decision(state), _settled(case)),
                class_name="flex min-w-0 flex-col gap-6",
            ),
            class_name="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]",
        ),
    )


def _thing(case: Any, view: Any) -> rx.Component:
    def shown(child: bool) -> rx.Component:
        return ui.voice(
            view.comment,
            child=child,
            rating=ui.faces(view.rating) if child else ui.stars(view.rating),
            date=view.about,
        )

    return rx.el.section(
        rx.el.h2(texts.THING, id=_CASE, tab_index=-1, class_name="mb-3"),
        rx.cond(view.child, shown(True), shown(False)),
        ui.facts(
            (texts.REASONS_TITLE, view.reasons),
            (texts.STATUS, case.status),
            (texts.SCHOOL, ui.text_link(case.school, href=case.school_href)),
            class_name="np-small mt-4",
        ),
        ui.when(
            case.findings != "",
            rx.el.p(rx.el.b(texts.FOUND), "　", case.findings, class_name="np-small mt-2"),
        ),
        ui.when(
            case.appeal != "",
            ui.alert(
                rx.fragment(
                    rx.el.p(rx.el.b(texts.APPEAL_TEXT)),
                    rx.el.p(case.appeal, class_name="whitespace-pre-line"),
                ),
                tone="info",
                live=False,
                class_name="mt-4",
            ),
        ),
    )


def _context(case: Any) -> rx.Component:
    def shown(one: Any, child: bool) -> rx.Component:
        answer = ui.when(
            one.reply != "",
            rx.el.div(
                rx.el.p(schools.REPLY, class_name="np-small font-bold"),
                rx.el.p(one.reply, class_name="np-small whitespace-pre-line"),
                class_name="np-reply",
            ),
        )
        return ui.voice(
            one.comment,
            child=child,
            author=one.target,
            rating=ui.faces(one.rating) if child else ui.stars(one.rating),
            date=one.status,
            footer=answer,
        )

    return ui.when(
        case.context.length() > 0,
        rx.el.section(
            rx.el.h2(texts.OTHER_VOICE, class_name="mb-3"),
            rx.el.div(
                rx.foreach(
                    case.context,
                    lambda one, number: rx.el.div(
                        rx.cond(one.child, shown(one, True), shown(one, False)), key=number
                    ),
                ),
                class_name="flex flex-col gap-3",
            ),
        ),
    )


def _people(case: Any) -> rx.Component:
    def reporter(one: Any, number: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(rx.el.b(one.name), "　", one.reason),
            ui.when(one.comment != "", rx.el.p(one.comment, class_name="np-small whitespace-pre-line")),
            rx.el.p(one.at, "　", one.history, class_name="np-small np-muted"),
            class_name="border-l-2 border-(--line) pl-3",
            key=number,
        )

    return ui.card(
        rx.el.h2(texts.AUTHOR, class_name="text-base"),
        rx.el.p(rx.el.b(case.author)),
        rx.el.p(case.author_history, class_name="np-small np-muted"),
        ui.when(
            case.reporters.length() > 0,
            rx.fragment(
                rx.el.h2(texts.REPORTER, class_name="mt-4 mb-2 text-base"),
                rx.el.ul(rx.foreach(case.reporters, reporter), class_name="flex flex-col gap-3"),
            ),
        ),
    )


def _decision(state: Any) -> rx.Component:
    def choice(action: Any) -> rx.Component:
        return ui.choice(
            "action",
            action.key,
            rx.el.span(action.name, class_name="block font-bold"),
            rx.el.span(action.note, class_name="block np-small np-muted"),
            key=action.key,
        )

    return ui.card(
        rx.el.form(
            ui.choices(
                texts.ACTION,
                rx.foreach(state.chosen.actions, choice),
                error=state.action_error,
                id_="report-action",
            ),
            words_input(
                "note",
                texts.NOTE,
                hint=rx.cond(state.chosen.appeal_id != "", texts.APPEAL_NOTE_HINT, texts.NOTE_HINT),
                limit=texts.NOTE_MAX,
                rows=4,
                error=state.note_error,
            ),
            ui.submit_button(texts.DECIDE, busy=state.busy, block=True),
            key=state.form_key,
            on_submit=ReportsState.decide,
            reset_on_submit=False,
            class_name="flex flex-col gap-4",
        )
    )


def _settled(case: Any) -> rx.Component:
    return ui.card(
        rx.el.p(rx.el.b(case.view.decided)),
        ui.when(case.settled != "", rx.el.p(texts.SETTLED, "　", case.settled, class_name="np-small")),
    )


def _numbers(state: Any) -> rx.Component:
    month = ui.select_field(
        "month", texts.MONTH, state.months, value=state.month, on_change=ReportsState.of_month
    )

    def number(one: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(one.name, class_name="np-muted np-small"),
            rx.el.dd(one.value, class_name="np-round text-lg text-right"),
            class_name="np-card p-4",
            key=one.name,
        )

    return rx.el.section(
        rx.el.h2(texts.NUMBERS),
        rx.el.p(texts.NUMBERS_LEAD, class_name="np-muted mb-3"),
        rx.el.div(month, class_name="mb-4 max-w-56"),
        rx.el.dl(
            rx.foreach(state.numbers, number),
            class_name="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4",
        ),
        class_name="mt-12",
    )
