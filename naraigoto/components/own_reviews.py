"""A family's own reviews: both voices on one lesson, what stands where, and what can be done."""

from typing import Any

import reflex as rx

from naraigoto.components.base import Content, filled, when
from naraigoto.components.buttons import button
from naraigoto.components.dialog import dialog
from naraigoto.components.feedback import badge
from naraigoto.components.icons import icon
from naraigoto.components.review_list import reply
from naraigoto.components.voices import faces, stars, voice, voice_missing, voice_two
from naraigoto.texts import reviews as texts


class IntoView(rx.Component):
    """A box that scrolls itself into view when it appears."""

    library = "$/public/np_shell.js"
    tag = "NpIntoView"

    role: rx.Var[str]


def own_pair(
    pair: Any, *, parent_foot: Content = "", child_foot: Content = "", level: Any = 3
) -> rx.Component:
    """Both voices of the family on one target; a side that has not spoken says so."""
    parent = rx.cond(
        filled(pair.parent.id),
        own_voice(pair.parent, child=False, foot=parent_foot),
        voice_missing(child=False, words=texts.NOT_YET),
    )
    child = rx.cond(
        filled(pair.child.id),
        own_voice(pair.child, child=True, foot=child_foot),
        voice_missing(
            child=True,
            words=rx.fragment(
                texts.NOT_YET, rx.el.span(texts.CHILD_NOT_YET, class_name="np-small block pt-1")
            ),
        ),
    )
    return voice_two(parent, child, title=pair.target, gap=pair.gap, level=level)


def own_voice(review: Any, *, child: bool, foot: Content = "") -> rx.Component:
    """One review of the family with its state, and why others don't see it."""
    below = rx.fragment(
        when(
            (review.status != "published") | filled(review.appeal),
            rx.el.div(
                when(review.status != "published", _badge(review)),
                when(filled(review.notice), rx.el.p(review.notice, class_name="np-small pt-1")),
                when(filled(review.appeal), rx.el.p(review.appeal, class_name="np-small font-bold pt-1")),
                class_name="np-reply",
            ),
        ),
        reply(review),
        foot if isinstance(foot, rx.Component) else rx.fragment(foot),
    )
    return voice(
        review.comment,
        child=child,
        author=review.author,
        date=review.date,
        rating=faces(review.rating) if child else stars(review.rating),
        footer=below,
    )


def standing(target: Any, *, child: bool, foot: Content = "") -> rx.Component:
    """What was written about a target (a TargetView), or why nothing can be."""
    return rx.cond(
        filled(target.own.id),
        own_voice(target.own, child=child, foot=foot),
        rx.el.p(target.closed, class_name="np-muted"),
    )


def can_add(state: Any) -> Any:
    """Whether there is a target of which nothing was said yet and still can be; `state`: a WritingMixin."""
    school, teacher = state.school, state.teacher
    return (school.open & ~filled(school.own.id)) | (teacher.open & ~filled(teacher.own.id))


def _badge(review: Any) -> rx.Component:
    return rx.el.p(
        rx.match(  # pyright: ignore[reportArgumentType]  # components only
            review.status,
            ("held", badge(review.badge, tone="info", icon_name="clock")),
            ("hidden", badge(review.badge, tone="plain")),
            badge(review.badge, tone="danger"),
        ),
    )


def thanks(title: Content, *, points: Any, held: Any, child: bool = False) -> rx.Component:
    """What came of it: published with its points, or kindly why it waits."""
    mark = rx.el.div(
        icon(rx.cond(filled(held), "clock", "circle-check"), size=32), class_name="np-empty-mark"
    )
    return IntoView.create(
        mark,
        rx.el.h2(
            rx.cond(filled(held), texts.HELD_TITLE, title) if not child else title,
            class_name="text-2xl",
        ),
        when(
            filled(points),
            rx.el.p(
                icon("sparkles", size=18),
                points,
                class_name="np-round inline-flex items-center gap-2 rounded-full px-4 py-1 text-lg "
                + ("bg-(--child) text-(--paper)" if child else "bg-(--accent-soft) text-(--accent)"),
            ),
        ),
        rx.el.p(rx.cond(filled(held), held, "" if child else texts.DONE_TEXT)),
        *([] if child else [when(filled(held), rx.el.p(texts.HELD_TEXT, class_name="np-small np-muted"))]),
        role="status",
        class_name="np-card flex flex-col items-center gap-2 text-center mb-6",
    )


def delete_dialog(state: Any, *, text: Content, title: str, keep: Content, yes: Content) -> rx.Component:
    """Asks before a review goes for good; `state` has the vars and handlers of WritingMixin."""
    return dialog(
        rx.el.p(text),
        id_="delete-review",
        title=title,
        open_=state.deleting != "",
        on_close=state.stop,
        footer=[
            button(keep, look="secondary", on_click=state.stop),
            button(yes, look="danger", on_click=state.delete),
        ],
    )
