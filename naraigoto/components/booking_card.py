"""A booking in a list, and the badge of its state."""

from typing import Any

import reflex as rx

from naraigoto.components.base import Text, screen_reader
from naraigoto.components.cards import avatar
from naraigoto.components.feedback import badge
from naraigoto.components.icons import icon
from naraigoto.texts import bookings as texts


def status_badge(status: Text) -> rx.Component:
    """予約済み, 要確認, 確認中, 出席, 欠席 or キャンセル."""
    return rx.match(  # pyright: ignore[reportReturnType]  # components only
        status,
        ("reserved", badge(texts.RESERVED, tone="accent", icon_name="calendar-check")),
        ("asked", badge(texts.ASKED, tone="accent", icon_name="circle-alert")),
        ("checking", badge(texts.CHECKING, tone="info", icon_name="clock")),
        ("attended", badge(texts.ATTENDED, tone="success", icon_name="circle-check")),
        ("absent", badge(texts.ABSENT)),
        ("cancelled", badge(texts.CANCELLED, tone="danger", icon_name="x")),
        rx.fragment(),
    )


def booking_card(booking: Any) -> rx.Component:
    """A booking as one wide link: when, what, where, who and how it stands."""
    when = rx.el.div(
        rx.el.p(booking.day, class_name="np-round text-lg leading-snug"),
        rx.el.p(booking.time, class_name="np-small np-muted whitespace-nowrap"),
        class_name="flex flex-wrap items-baseline gap-x-3 md:w-28 md:flex-none md:flex-col",
    )
    what = rx.el.div(
        rx.el.p(booking.title, class_name="font-bold leading-snug"),
        rx.el.p(booking.school, "　", texts.TEACHER, ": ", booking.teacher, class_name="np-small np-muted"),
        rx.el.div(
            status_badge(booking.status),
            rx.el.span(
                avatar(booking.child, child=True),
                rx.el.span(booking.child, class_name="np-small font-bold"),
                class_name="inline-flex items-center gap-2",
            ),
            class_name="flex flex-wrap items-center gap-3 pt-2",
        ),
        class_name="flex-1 min-w-0",
    )
    return rx.el.a(
        rx.el.div(when, what, class_name="flex flex-1 min-w-0 flex-col gap-1 md:flex-row md:gap-4"),
        icon("chevron-right", class_name="text-(--muted) self-center"),
        screen_reader(texts.SEE),
        href=booking.href,
        class_name="np-card flex gap-4 hover:bg-(--soft)",
    )
