"""The public reviews of a school or an instructor: both voices in figures, as pairs and one by one."""

from typing import Any

import reflex as rx

from naraigoto.components.base import filled, when
from naraigoto.components.buttons import button
from naraigoto.components.feedback import alert_if, empty_state
from naraigoto.components.forms import select_field
from naraigoto.components.icons import icon
from naraigoto.components.lists import pager, tab_panel, tabs
from naraigoto.components.voices import faces, stars, voice, voice_two
from naraigoto.texts import reviews as texts
from naraigoto.texts import schools as words
from naraigoto.texts import ui


def figures(parent: Any, child: Any) -> rx.Component:
    """Both voices in figures, never mixed: mean, number and spread."""
    return rx.el.div(
        _figure(parent, ui.PARENT_VOICE, "heart", "text-(--accent)", ""),
        _figure(child, ui.CHILD_VOICE, "smile", "text-(--child)", "np-voice-child"),
        class_name="np-two",
    )


def _figure(voice_of: Any, title: str, mark: str, colour: str, look: str) -> rx.Component:
    known = rx.el.p(
        rx.el.span(voice_of.rating, class_name=f"np-round text-3xl font-bold {colour}"),
        rx.el.span(voice_of.count, class_name="np-muted np-small"),
        class_name="flex items-baseline gap-2",
    )
    unknown = rx.el.p(words.PREPARING, class_name="np-small")
    bars = rx.el.dl(
        rx.foreach(voice_of.bars, lambda bar: _bar(bar, colour)),
        class_name="flex flex-col gap-1",
        custom_attrs={"aria-label": f"{title} {words.SPREAD}"},
    )
    return rx.el.div(
        rx.el.p(
            rx.el.span(icon(mark, size=16), class_name="np-voice-mark"), title, class_name="np-voice-who"
        ),
        when(filled(voice_of.rating), rx.fragment(known, bars), unknown),
        class_name=f"np-voice {look}".strip(),
    )


def _bar(bar: Any, colour: str) -> rx.Component:
    track = rx.el.span(
        rx.el.span(class_name="block h-full rounded-full bg-current", style={"width": bar.width}),
        class_name=f"block h-2 flex-1 rounded-full bg-(--surface) overflow-hidden {colour}",
        custom_attrs={"aria-hidden": "true"},
    )
    return rx.el.div(
        rx.el.dt(bar.label, class_name="w-8 np-small"),
        rx.el.dd(
            track,
            rx.el.span(bar.count, class_name="np-num np-small w-6"),
            class_name="flex flex-1 items-center gap-2",
        ),
        class_name="flex items-center gap-2",
        key=bar.label,
    )


def review_list(state: Any, *, on_report: Any) -> rx.Component:
    """おやこ, 保護者 and 子ども as tabs, filters above; `on_report(voice, id)` opens the report.

    `state` has the vars and handlers of ReviewListMixin.
    """
    panels = [
        tab_panel(
            key,
            state.tab,
            rx.cond(
                state.tab == key,
                _pairs(state, on_report) if key == "family" else _singles(state, on_report),
                "",
            ),
        )
        for key, _ in words.REVIEW_TABS
    ]
    return rx.fragment(
        tabs(words.REVIEW_TABS, state.tab, state.turn, label=words.REVIEWS),
        _filters(state),
        alert_if(state.review_problem, class_name="mt-3"),
        *panels,
        pager(state.review_cursor != "", state.more_reviews),
        rx.el.p(texts.HAPPY_NOTE, class_name="np-small np-muted pt-4"),
    )


def _filters(state: Any) -> rx.Component:
    age = select_field(
        "age", texts.AGES_LABEL, texts.AGES, id_="reviews-age", value=state.age, on_change=state.for_age
    )
    sort = select_field(
        "sort", texts.SORT_LABEL, texts.SORTS, id_="reviews-sort", value=state.sort, on_change=state.sort_by
    )
    teacher = select_field(
        "teacher",
        texts.TEACHER_LABEL,
        state.review_teachers,
        id_="reviews-teacher",
        value=state.teacher,
        on_change=state.for_teacher,
    )
    return rx.el.div(
        age,
        sort,
        when(state.review_teachers.length() > 1, teacher),
        role="group",
        class_name="grid gap-3 pt-4 sm:grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] max-sm:grid-cols-2",
        custom_attrs={"aria-label": texts.FILTER},
    )


def _none(state: Any) -> rx.Component:
    return rx.cond(
        state.filtered,
        empty_state(texts.NONE_FOUND, text=texts.NONE_FOUND_TEXT, icon_name="search-x", level=3),
        empty_state(words.NO_REVIEWS, text=words.NO_REVIEWS_TEXT, icon_name="message-circle", level=3),
    )


def _pairs(state: Any, on_report: Any) -> rx.Component:
    rows = rx.el.ul(
        rx.foreach(state.pairs, lambda pair: _pair(pair, state, on_report)), class_name="flex flex-col gap-6"
    )
    return rx.cond(state.pairs.length() > 0, rows, _none(state))


def _singles(state: Any, on_report: Any) -> rx.Component:
    rows = rx.el.ul(
        rx.foreach(state.reviews, lambda review: _single(review, state, on_report)),
        class_name="flex flex-col gap-3",
    )
    return rx.cond(state.reviews.length() > 0, rows, _none(state))


def _pair(pair: Any, state: Any, on_report: Any) -> rx.Component:
    return rx.el.li(
        voice_two(
            _voice(pair.parent, False, "", state, on_report),
            _voice(pair.child, True, "", state, on_report),
            title=pair.author,
            gap=pair.gap,
        ),
        key=pair.id,
    )


def _single(review: Any, state: Any, on_report: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            review.child,
            _voice(review, True, review.author, state, on_report),
            _voice(review, False, review.author, state, on_report),
        ),
        key=review.id,
    )


def _voice(review: Any, child: bool, author: Any, state: Any, on_report: Any) -> rx.Component:
    kind = "child" if child else "parent"
    helpful = button(
        review.helpful,
        look="quiet",
        icon_name="check",
        on_click=state.vote(kind, review.id),
        custom_attrs={"aria-pressed": rx.cond(review.voted, "true", "false")},
    )
    count = rx.el.span(review.found_helpful, class_name="np-small np-muted")
    foot = rx.el.div(
        rx.cond(state.votes, helpful, when(filled(review.found_helpful), count)),
        button(
            texts.REPORT,
            look="quiet",
            icon_name="triangle-alert",
            on_click=on_report(kind, review.id),
            custom_attrs={"aria-haspopup": "dialog", "aria-label": review.report_label},
        ),
        class_name="np-voice-foot",
    )
    return voice(
        review.comment,
        child=child,
        author=author,
        date=review.date,
        rating=faces(review.rating) if child else stars(review.rating),
        footer=rx.fragment(reply(review), foot),
    )


def reply(review: Any) -> rx.Component:
    """The school's answer below a review, where there is one."""
    return when(
        filled(review.reply),
        rx.el.div(
            rx.el.p(icon("school", size=16), " ", words.REPLY, class_name="np-small font-bold"),
            rx.el.p(review.reply, class_name="np-small whitespace-pre-line"),
            class_name="np-reply",
        ),
    )
