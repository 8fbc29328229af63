"""/school: who is expected on a day, and who came."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.slot_dialogs import slot_dialogs
from naraigoto.pages.guarded import guarded
from naraigoto.state.attendance import AttendanceState
from naraigoto.state.slot_changes import SlotChangeState
from naraigoto.texts import attendance as texts


def attendance_page(viewer: Any) -> rx.Component:
    """The day's slots as cards, each with its children."""
    state: Any = AttendanceState
    none = ui.card(
        ui.empty_state(
            texts.EMPTY,
            text=texts.EMPTY_TEXT,
            icon_name="calendar-days",
            action=rx.cond(
                state.is_today,
                rx.fragment(),
                ui.link_button(texts.TODAY, href=state.today, look="secondary"),
            ),
        )
    )
    body = rx.fragment(
        ui.page_heading(rx.cond(state.is_today, texts.TITLE_TODAY, texts.TITLE), lead=texts.LEAD),
        rx.cond(state.schools.length() > 1, _schools(state.schools), rx.fragment()),
        _stepper(state),
        rx.el.p(state.message, role="status", class_name="np-sr"),
        rx.cond(
            state.slots.length() > 0,
            rx.el.div(rx.foreach(state.slots, _slot), class_name="flex flex-col gap-4"),
            none,
        ),
    )
    changes: Any = SlotChangeState
    dialogs = slot_dialogs(
        changes,
        on_close=SlotChangeState.close,
        on_move=SlotChangeState.move,
        on_teach=SlotChangeState.teach,
        on_cancel=SlotChangeState.cancel,
    )
    return ui.staff_page(
        guarded(state.access, rx.fragment(body, dialogs), path="/school"),
        viewer=viewer,
        section="school",
        message=changes.said,
        on_message_done=SlotChangeState.spoken,
    )


def _schools(schools: Any) -> rx.Component:
    def chip(school: Any) -> rx.Component:
        return ui.link_chip(school.name, href=school.href, current=school.current, key=school.href)

    return ui.chips(rx.foreach(schools, chip), label=texts.SCHOOLS, class_name="mb-4")


def _stepper(state: Any) -> rx.Component:
    def arrow(name: str, label: str, href: Any) -> rx.Component:
        return rx.el.a(
            ui.icon(name),
            href=href,
            title=label,
            class_name="np-btn np-btn-secondary np-btn-icon",
            custom_attrs={"aria-label": label},
        )

    here = {"aria-current": rx.cond(state.is_today, "true", "false")}
    return rx.el.nav(
        arrow("chevron-left", texts.PREVIOUS, state.previous),
        rx.el.a(texts.TODAY, href=state.today, class_name="np-chip", custom_attrs=here),
        arrow("chevron-right", texts.NEXT, state.following),
        rx.el.h2(state.day, class_name="ml-1"),
        rx.el.p(state.total, class_name="np-muted np-small"),
        class_name="flex flex-wrap items-center gap-2 mb-4",
        custom_attrs={"aria-label": texts.DAY},
    )


def _slot(slot: Any) -> rx.Component:
    children = rx.el.ul(
        rx.foreach(slot.children, lambda child: _child(child, slot.phase)),
        class_name="flex flex-col divide-y divide-(--line)",
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h3(slot.time, " ", slot.title),
            rx.el.p(
                rx.el.span(ui.icon("user", size=16), " ", slot.instructor),
                rx.el.span(ui.icon("users", size=16), " ", slot.seats),
                class_name="np-muted np-small flex gap-4",
            ),
            class_name="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1",
        ),
        rx.match(
            slot.phase,
            ("early", _note("clock", slot.opens)),
            ("closed", _note("info", texts.CLOSED)),
            rx.fragment(),
        ),
        rx.cond(
            slot.children.length() > 0,
            children,
            rx.el.p(texts.NO_CHILDREN, class_name="np-muted np-small pt-2"),
        ),
        ui.when(slot.changeable, _changes(slot)),
        class_name="np-card",
        key=slot.id,
    )


def _changes(slot: Any) -> rx.Component:
    def one(what: str, words: str) -> rx.Component:
        return ui.button(
            words,
            look="quiet",
            class_name="px-2.5",
            on_click=SlotChangeState.ask(slot.id, what),
            custom_attrs={"aria-label": f"{words} {slot.time} {slot.title}"},
        )

    return rx.el.div(
        one("move", texts.MOVE),
        one("teach", texts.TEACH),
        one("cancel", texts.CANCEL_SLOT),
        role="group",
        class_name="flex flex-wrap gap-1 border-t border-(--line) mt-3 pt-2 -mb-2",
        custom_attrs={"aria-label": texts.CHANGE},
    )


def _note(icon: str, words: Any) -> rx.Component:
    return rx.el.p(ui.icon(icon, size=16), " ", words, class_name="np-muted np-small pt-2")


def _child(child: Any, phase: Any) -> rx.Component:
    details = rx.el.p(
        rx.el.span(child.guardian),
        rx.cond(child.instructor != "", rx.el.span(texts.TEACHER, " ", child.instructor), rx.fragment()),
        class_name="np-muted np-small flex flex-wrap gap-x-3",
    )
    return rx.el.li(
        rx.el.div(
            ui.avatar(child.name, child=True),
            rx.el.div(
                rx.el.p(rx.el.b(child.name), " ", rx.el.span(child.age, class_name="np-muted font-normal")),
                details,
                class_name="min-w-0",
            ),
            class_name="flex flex-1 items-center gap-3 min-w-56",
        ),
        rx.cond(phase == "open", _marks(child), _status(child)),
        ui.when(
            AttendanceState.error_at == child.booking_id,
            ui.alert(AttendanceState.error, class_name="basis-full"),
        ),
        class_name="flex flex-wrap items-center gap-3 py-3 last:pb-0",
        key=child.booking_id,
    )


def _status(child: Any) -> rx.Component:
    return rx.match(  # pyright: ignore[reportReturnType]  # components only
        child.status,
        ("attended", ui.badge(texts.ATTENDED, tone="success", icon_name="check")),
        ("absent", ui.badge(texts.ABSENT, tone="danger", icon_name="x")),
        ui.badge(texts.EXPECTED),
    )


def _marks(child: Any) -> rx.Component:
    return rx.el.div(
        _mark(child, "attended", texts.MARK_ATTENDED, texts.ATTENDED, "check"),
        _mark(child, "absent", texts.MARK_ABSENT, texts.ABSENT, "x"),
        role="group",
        class_name="flex flex-1 gap-2 min-w-64 sm:flex-none",
        custom_attrs={"aria-label": child.name},
    )


def _mark(child: Any, status: str, words: str, done: str, icon: str) -> rx.Component:
    pressed = child.status == status
    tone = {"attended": "success", "absent": "danger"}[status]
    look = f"aria-pressed:bg-(--{tone}-soft) aria-pressed:border-(--{tone}) aria-pressed:text-(--{tone})"
    return rx.el.button(
        rx.cond(pressed, ui.icon(icon, size=18), rx.fragment()),
        rx.cond(pressed, done, words),
        type="button",
        on_click=AttendanceState.record(child.booking_id, status),
        class_name=f"np-btn np-btn-secondary flex-1 whitespace-nowrap px-3 {look}",
        custom_attrs={"aria-pressed": rx.cond(pressed, "true", "false")},
    )
