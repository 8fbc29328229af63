"""Surfaces: the plain card, the school card, a person's initial."""

from typing import Any

import reflex as rx

from naraigoto.components.base import Content, Text, classes, filled, when
from naraigoto.components.icons import icon
from naraigoto.components.voices import score
from naraigoto.texts import ui


def card(*children: Content, class_name: str = "", **props: Any) -> rx.Component:
    """A paper-like surface."""
    return rx.el.div(*children, class_name=classes("np-card", class_name), **props)


def school_card(
    *,
    href: Text,
    name: Text,
    image: Text = "",
    area: Text = "",
    category: Text = "",
    distance: Text = "",
    rating_parent: Text = "",
    rating_child: Text = "",
    next_slot: Text = "",
    badge: Text = "",
    reason: Text = "",
    id_: Text = "",
    level: int = 2,
) -> rx.Component:
    """A school in a list: picture, name, distance, both ratings, next free slot, why it stands there.

    Empty texts mean none; a map lights the pin of the school `id_` while the card is pointed at.
    """
    heading = rx.el.h3 if level == 3 else rx.el.h2
    return rx.el.article(
        _picture(image),
        rx.el.div(
            heading(rx.el.a(name, href=href), class_name="np-school-name"),
            rx.el.p(
                rx.el.span(category, when(filled(area), rx.fragment(" ・ ", area))),
                when(filled(distance), rx.el.span(icon("map-pin", size=14), " ", distance)),
                class_name="np-school-line",
            ),
            rx.el.div(score(rating_parent), score(rating_child, child=True), class_name="np-school-voices"),
            *_last_lines(next_slot, badge, reason),
            class_name="np-school-body",
        ),
        class_name="np-card np-school",
        custom_attrs={"data-school": id_},
    )


def _last_lines(next_slot: Text, badge: Text, reason: Text) -> list[rx.Component]:
    return [
        rx.el.p(
            icon("calendar", size=16),
            when(
                filled(next_slot),
                rx.fragment(ui.NEXT_SLOT, " ", next_slot),
                rx.el.span(ui.NO_SLOT, class_name="np-muted"),
            ),
            class_name="np-school-next",
        ),
        when(
            filled(badge),
            rx.el.p(icon("circle-check", size=16), " ", badge, class_name="np-small text-(--success)"),
        ),
        when(filled(reason), rx.el.p(reason, class_name="np-school-reason")),
    ]


def _picture(image: Text) -> rx.Component:
    shown = rx.el.img(src=image, alt="", loading="lazy", custom_attrs={"width": 480, "height": 320})
    return rx.el.div(icon("image", size=32), when(filled(image), shown), class_name="np-school-picture")


def avatar(name: Text, *, child: bool = False) -> rx.Component:
    """The first letter of a person's name in a circle, in the colour of parent or child."""
    first = name[:1] if isinstance(name, str) else name.to(str)[0]
    return rx.el.span(
        first,
        class_name=classes("np-avatar", "np-avatar-child" if child else ""),
        custom_attrs={"aria-hidden": "true"},
    )
