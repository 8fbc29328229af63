"""The product's signature: what the parent thought and what the child thought, side by side."""

import reflex as rx

from naraigoto.components.base import Content, Text, classes, filled, when
from naraigoto.components.icons import icon
from naraigoto.texts import ui

_FACES = ("frown", "annoyed", "meh", "smile", "laugh")


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
        for n, name in enumerate(_FACES, start=1)
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
