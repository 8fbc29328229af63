"""What an operator sees of a queue: how much stands where, and what waits for a person."""

from typing import Any

import reflex as rx

from naraigoto.components.base import Text, classes
from naraigoto.components.cards import card
from naraigoto.components.feedback import empty_state
from naraigoto.components.lists import table
from naraigoto.texts import outbox as texts


def queue_counts(title: str, counts: Any, *, wide: str = "", class_name: str = "") -> rx.Component:
    """One card per state of the queue; the dead stand out when there are any."""
    return rx.el.section(
        rx.el.h2(title, class_name="mb-3"),
        rx.el.dl(
            rx.foreach(counts, _count), class_name=classes("grid grid-cols-2 gap-3 sm:grid-cols-3", wide)
        ),
        class_name=classes("mb-10", class_name),
    )


def waiting_list(
    title: str,
    rows: Any,
    row: Any,
    *,
    headers: tuple[str, ...],
    lead: Text,
    none: str,
    none_text: str,
    class_name: str = "",
) -> rx.Component:
    """A table of what waits, each with its button; a kind word when nothing does."""
    found = rx.fragment(
        rx.el.p(lead, class_name="np-muted mb-4"),
        table(headers, rx.foreach(rows, row), caption=title),  # pyright: ignore[reportArgumentType]
    )
    nothing = card(empty_state(none, text=none_text, icon_name="circle-check", level=3))
    return rx.el.section(
        rx.el.h2(title, class_name="mb-3"),
        rx.cond(rows.length() > 0, found, nothing),
        class_name=class_name,
    )


def _count(count: Any) -> rx.Component:
    alarming = (count.status == "dead") & (count.count > 0)
    return rx.el.div(
        rx.el.dt(count.name, class_name="np-muted np-small"),
        rx.el.dd(
            rx.el.b(count.count, class_name="np-round text-2xl"),
            " ",
            texts.UNIT,
            class_name=rx.cond(alarming, "text-(--danger) text-right", "text-right"),
        ),
        class_name="np-card p-4",
        key=count.status,
    )
