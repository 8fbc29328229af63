"""The product's signature: what the parent thought and what the child thought, side by side."""

from typing import Literal

import reflex as rx

from naraigoto.components.base import Content, Text, classes, filled, when
from naraigoto.components.icons import icon
from naraigoto.texts import ui

FACE_ICONS = ("frown", "annoyed", "meh", "smile", "laugh")


def stars(value: float | str | rx.Var) -> rx.Component:
    """A parent's rating as five stars; halves are shown."""
    spoken = ui.stars_label(value)
    return rx.el.span(
        role="img", class_name="np-stars", style={"--v": value}, custom_attrs={"aria-label": spoken}
    )


def faces(value: int | rx.Var[int]) -> rx.Component:
    """A child's rating as five faces from ざんねん to さいこう; the chosen one is lit."""
    spoken = rx.match(value, *[(n, words) for n, words in enumerate(ui.FACES, start=1)], "")
    marks = [
        rx.el.span(icon(name), class_name=rx.cond(rx.Var.create(value) == n, "np-face np-face-on", "np-face"))
        for n, name in enumerate(FACE_ICONS, start=1)
    ]
    return rx.el.span(*marks, role="img", class_name="np-faces", custom_attrs={"aria-label": spoken})


def score(value: Text, *, child: bool = False, count: Text = "") -> rx.Component:
    """One voice's average as a tile; an empty value reads 評価準備中."""
    who = ui.CHILD_SHORT if child else ui.PARENT_SHORT
    number = rx.el.span(
        value,
        when(filled(count), rx.el.span(f"（{count}）", class_name="text-xs font-normal")),
        class_name="np-score-value",
    )
    return rx.el.span(
        rx.el.span(icon(_mark(child), size=14), who, class_name="np-score-who"),
        when(filled(value), number, rx.el.span(ui.RATING_PENDING, class_name="np-score-none")),
        class_name=classes("np-score", "np-score-child" if child else ""),
    )


def _mark(child: bool) -> str:
    return "smile" if child else "heart"


def voice(
    words: Content,
    *,
    child: bool = False,
    author: Text = "",
    date: Text = "",
    rating: rx.Component | None = None,
    footer: Content = "",
) -> rx.Component:
    """One review in its voice's colour and mark."""
    title = ui.CHILD_VOICE if child else ui.PARENT_VOICE
    byline = rx.el.span(author, class_name="np-muted np-small font-normal")
    return rx.el.article(
        rx.el.header(
            rx.el.span(icon(_mark(child), size=16), class_name="np-voice-mark"),
            rx.el.span(title),
            when(filled(author), byline),
            class_name="np-voice-who",
        ),
        *([rating] if rating is not None else []),
        rx.el.p(words, class_name="np-voice-words"),
        when(filled(date), rx.el.p(date, class_name="np-muted np-small")),
        footer if isinstance(footer, rx.Component) else rx.fragment(footer),
        class_name=classes("np-voice", "np-voice-child" if child else ""),
    )


def voice_pair(parent: rx.Component, child: rx.Component) -> rx.Component:
    """The parent's and the child's voice of one family, left and right (phone: one above the other)."""
    return rx.el.div(parent, child, class_name="np-pair")


def voice_two(
    parent: Content,
    child: Content,
    *,
    title: Text = "",
    gap: Text = "",
    level: Literal[3, 4] = 3,
    foot: Content = "",
) -> rx.Component:
    """Both voices on one lesson as one thing: who above, the two beside each other, what joins them.

    `gap` says in words how the two differ; a side that has not spoken is voice_missing().
    """
    heading = rx.el.h3 if level == 3 else rx.el.h4
    bond = rx.el.div(
        heading(title, class_name="np-small"),
        when(
            filled(gap),
            rx.el.p(
                icon("heart", size=14, class_name="text-(--accent)"),
                icon("smile", size=14, class_name="text-(--child)"),
                rx.el.b(ui.GAP),
                rx.el.span(gap),
                class_name="np-gap",
            ),
        ),
        class_name="np-two-bond",
    )
    below = [rx.el.div(foot, class_name="np-two-foot")] if foot != "" else []
    return rx.el.article(bond, parent, child, *below, class_name="np-two")


def voice_missing(*, child: bool, words: Content, action: Content = "") -> rx.Component:
    """The place of a voice that has not spoken yet."""
    return rx.el.div(
        rx.el.p(
            rx.el.span(icon(_mark(child), size=16), class_name="np-voice-mark"),
            ui.CHILD_VOICE if child else ui.PARENT_VOICE,
            class_name="np-voice-who",
        ),
        rx.el.p(words),
        action if isinstance(action, rx.Component) else rx.fragment(action),
        class_name=classes("np-voice np-voice-missing", "np-voice-child" if child else ""),
    )
