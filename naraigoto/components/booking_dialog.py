"""The dialog 「だれが受けますか」, drawn from Vars; pages.bookings.booking_dialog() wires it."""

from typing import Any

import reflex as rx

from naraigoto.components.base import when
from naraigoto.components.buttons import button, link_button, submit_button
from naraigoto.components.cards import avatar
from naraigoto.components.dialog import dialog
from naraigoto.components.feedback import alert, alert_if, skeleton_text
from naraigoto.components.forms import checkbox, choice, choices, select_field
from naraigoto.components.icons import icon
from naraigoto.texts import bookings as texts
from naraigoto.texts import ui
from naraigoto.texts import waitlist as waiting


def booking_dialog_frame(view: Any, *, on_close: Any, on_confirm: Any, on_wait: Any) -> rx.Component:
    """`view` has the Vars of BookingState; `on_confirm` and `on_wait` get the form."""
    body = rx.match(
        view.step,
        ("login", _login(view.login_href)),
        ("stopped", _stopped(view, on_close)),
        ("choose", _form(view, on_confirm)),
        ("full", _full(view, on_wait)),
        ("waiting", _waiting(view, on_close)),
        ("done", _done(view, on_close)),
        skeleton_text(4),
    )
    title = rx.match(
        view.step,
        ("done", texts.DONE),
        ("login", ui.LOGIN),
        ("stopped", texts.STOPPED),
        ("full", waiting.FULL_TITLE),
        ("waiting", waiting.JOINED),
        texts.WHO,
    )
    return dialog(body, id_="booking", title=title, open_=view.open, on_close=on_close)  # pyright: ignore


def _login(href: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(texts.LOGIN_TEXT),
        link_button(texts.LOGIN, href=href, icon_name="log-in", block=True),
        class_name="flex flex-col gap-4",
    )


def _slot(slot: Any, *more: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(slot.when, class_name="np-round text-xl leading-snug"),
        rx.el.p(slot.title, class_name="font-bold"),
        rx.el.p(
            rx.el.span(slot.school),
            rx.el.span(texts.TEACHER, ": ", slot.teacher),
            class_name="np-small np-muted flex flex-wrap gap-x-3",
        ),
        *more,
        class_name="flex flex-col gap-0.5 rounded-xl bg-(--soft) px-4 py-3.5",
    )


def _stopped(view: Any, on_close: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(view.slot.when != "", _slot(view.slot), rx.fragment()),
        alert(view.message),
        _way(view),
        button(ui.CLOSE, look="secondary", on_click=on_close, block=True),
        class_name="flex flex-col gap-4",
    )


def _way(view: Any) -> rx.Component:
    """Where more tickets come from, when they were too few."""
    return when(view.way[0] != "", link_button(view.way[1], href=view.way[0], icon_name="ticket", block=True))


def _form(view: Any, on_confirm: Any) -> rx.Component:
    teachers = select_field("instructor_id", texts.CHOOSE_TEACHER, view.instructors, id_="booking-teacher")
    return rx.el.form(
        _slot(view.slot),
        choices(texts.CHILD, rx.foreach(view.children, _child), id_="booking-child"),
        when(view.instructors.length() > 0, teachers),
        alert_if(view.message),
        _way(view),
        rx.el.div(
            when(
                view.spending != "",
                rx.el.p(
                    icon("ticket", class_name="text-(--accent)"),
                    rx.el.span(view.spending),
                    class_name="flex items-center justify-center gap-2",
                ),
            ),
            submit_button(texts.CONFIRM, busy=view.busy, disabled=view.spending == "", block=True),
            class_name="flex flex-col gap-2.5",
        ),
        key=view.form_key,
        on_submit=on_confirm,
        class_name="flex flex-col gap-5",
        custom_attrs={"aria-labelledby": "booking-title"},
    )


def _full(view: Any, on_wait: Any) -> rx.Component:
    """No seat is left: wait for one."""
    return rx.el.form(
        _slot(view.slot),
        rx.el.p(rx.cond(view.first_come, waiting.FULL_FIRST_COME, waiting.FULL_TEXT)),
        choices(texts.CHILD, rx.foreach(view.children, _child), id_="waiting-child"),
        when(~view.first_come, checkbox("auto_book", waiting.AUTO_BOOK)),
        alert_if(view.message),
        submit_button(waiting.JOIN, busy=view.busy, block=True),
        key=view.form_key,
        on_submit=on_wait,
        class_name="flex flex-col gap-5",
        custom_attrs={"aria-labelledby": "booking-title"},
    )


def _waiting(view: Any, on_close: Any) -> rx.Component:
    who = rx.el.p(
        avatar(view.made.child, child=True),
        rx.el.b(view.made.child, texts.HONORIFIC),
        rx.el.span(view.made.left, class_name="np-round text-lg text-(--accent)"),
        class_name="mt-2 flex items-center gap-2.5 border-t border-(--line) pt-3",
    )
    return rx.el.div(
        rx.el.div(
            _slot(view.slot, who),
            rx.el.p(rx.cond(view.first_come, waiting.JOINED_FIRST_COME, waiting.JOINED_TEXT)),
            role="status",
            class_name="flex flex-col gap-4",
        ),
        button(ui.CLOSE, look="secondary", on_click=on_close, block=True),
        class_name="flex flex-col gap-5",
    )


def _child(child: Any) -> rx.Component:
    line = rx.el.span(
        avatar(child.name, child=True),
        rx.el.span(
            rx.el.span(
                rx.el.b(child.name),
                " ",
                rx.el.span(child.age, class_name="np-small"),
                class_name="block",
            ),
            when(child.reason != "", rx.el.span(child.reason, class_name="np-small block")),
            when(
                child.warning != "",
                rx.el.span(icon("triangle-alert", size=14), " ", child.warning, class_name="np-small block"),
            ),
            class_name="min-w-0",
        ),
        class_name="flex items-center gap-3",
    )
    return choice(
        "child_id",
        child.id,
        line,
        disabled=child.reason != "",
        default_checked=child.chosen,
        key=child.id,
    )


def _done(view: Any, on_close: Any) -> rx.Component:
    """Nothing is left to do: what was booked, for whom, and what remains."""
    who = rx.el.p(
        avatar(view.made.child, child=True),
        rx.el.b(view.made.child, texts.HONORIFIC),
        class_name="mt-2 flex items-center gap-2.5 border-t border-(--line) pt-3",
    )
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                icon("circle-check", size=40, class_name="text-(--success)"),
                rx.el.span(texts.DONE_TEXT, class_name="np-small"),
                class_name="flex items-center gap-3",
            ),
            _slot(view.slot, who),
            rx.el.p(
                icon("ticket", class_name="text-(--accent)"),
                rx.el.span(view.made.left),
                class_name="flex items-center justify-center gap-2",
            ),
            role="status",
            class_name="flex flex-col gap-4",
        ),
        rx.el.div(
            link_button(texts.SEE, href=view.made.href, on_click=on_close, block=True),
            button(ui.CLOSE, look="secondary", on_click=on_close, block=True),
            class_name="flex flex-col gap-2.5",
        ),
        class_name="flex flex-col gap-5",
    )
