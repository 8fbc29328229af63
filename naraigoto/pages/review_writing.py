"""/bookings/[booking_id]/review: a guardian writes about the school and the instructor on one screen."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.own_reviews import can_add, delete_dialog, standing, thanks
from naraigoto.components.rating_inputs import star_input, words_input
from naraigoto.pages.guarded import guarded
from naraigoto.state.review_writing import ReviewWritingState
from naraigoto.texts import reviews as texts


def review_writing_page(viewer: Any) -> rx.Component:
    """The lesson, then the form; afterwards what came of it and what was written."""
    state: Any = ReviewWritingState
    lesson = state.lesson
    body = rx.fragment(
        rx.el.p(
            ui.text_link(ui.icon("chevron-left", size=16), texts.BACK, href=lesson.booking_href),
            class_name="mb-3",
        ),
        ui.page_heading(texts.TITLE, lead=texts.LEAD),
        ui.when(
            state.outcome.done,
            thanks(texts.DONE, points=state.outcome.points, held=state.outcome.held),
        ),
        _lesson(lesson),
        rx.cond(state.editing, _form(state), _written(state)),
        delete_dialog(
            state, text=texts.DELETE_TEXT, title=texts.DELETE_TITLE, keep=texts.KEEP, yes=texts.DELETE_YES
        ),
    )
    return ui.page(
        guarded(state.access, body, path=state.path),
        viewer=viewer,
        section="bookings",
        width="text",
        message=state.said,
        on_message_done=ReviewWritingState.spoken,
    )


def _lesson(lesson: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(lesson.school, class_name="np-round text-lg leading-snug"),
        rx.el.p(lesson.title, class_name="font-bold"),
        rx.el.p(lesson.when, "　", lesson.child, class_name="np-small np-muted"),
        class_name="rounded-xl bg-(--soft) px-4 py-3.5 mb-5",
    )


def _form(state: Any) -> rx.Component:
    submit = ui.submit_button(
        rx.cond(can_add(state), texts.PUBLISH, texts.SAVE), busy=state.busy, block=True, look="primary"
    )
    points = rx.el.p(
        ui.icon("sparkles", size=18),
        rx.el.span(
            rx.el.b(texts.POINTS_NOTE),
            rx.el.span(state.lesson.points, class_name="block np-small"),
        ),
        class_name="flex items-start gap-2 text-(--accent)",
    )
    return rx.el.form(
        ui.when(state.lesson.points != "", points),
        _target(state.school, "school", texts.OF_SCHOOL, texts.SCHOOL_QUESTION, texts.COMMENT_HINT),
        ui.when(
            state.teacher.id != "",
            _target(
                state.teacher,
                "instructor",
                rx.fragment(texts.OF_TEACHER, rx.el.span(state.teacher.name, class_name="np-muted")),
                texts.TEACHER_QUESTION,
                texts.TEACHER_HINT,
                rx.el.p(texts.TEACHER_OPTIONAL, class_name="np-small np-muted"),
            ),
        ),
        rx.el.p(ui.icon("info", size=16), " ", texts.CARE, class_name="np-small np-muted"),
        ui.alert_if(state.error),
        rx.el.div(
            submit,
            ui.when(
                (state.school.own.id != "") | (state.teacher.own.id != ""),
                ui.button(texts.KEEP_AS_IS, look="secondary", on_click=ReviewWritingState.stop, block=True),
            ),
            class_name="flex flex-col gap-2.5",
        ),
        key=state.form_key,
        on_submit=ReviewWritingState.send,
        reset_on_submit=False,
        class_name="flex flex-col gap-5",
    )


def _target(
    target: Any, kind: str, title: Any, question: str, hint: str, note: rx.Component | None = None
) -> rx.Component:
    fields = rx.fragment(
        *([note] if note is not None else []),
        star_input(
            f"{kind}-rating",
            question,
            value=target.own.rating,
            error=target.rating_error,
            required=note is None,
        ),
        words_input(
            f"{kind}-comment",
            texts.COMMENT,
            hint=hint,
            value=target.own.comment,
            error=target.comment_error,
            limit=texts.COMMENT_MAX,
        ),
    )
    return rx.el.section(
        rx.el.h2(title), rx.cond(target.open, fields, standing(target, child=False)), class_name="np-side-box"
    )


def _written(state: Any) -> rx.Component:
    def one(target: Any) -> rx.Component:
        own = target.own
        foot = ui.when(
            own.editable != "",
            rx.el.div(
                rx.el.p(own.editable, class_name="np-small np-muted w-full"),
                ui.button(texts.EDIT, look="secondary", icon_name="pencil", on_click=ReviewWritingState.edit),
                ui.button(
                    texts.DELETE,
                    look="quiet",
                    icon_name="trash-2",
                    on_click=ReviewWritingState.ask_delete(own.id),
                    custom_attrs={"aria-label": f"{target.name} {texts.DELETE}"},
                ),
                class_name="np-voice-foot",
            ),
        )
        return ui.when(
            (own.id != "") | (target.closed != ""),
            rx.el.section(rx.el.h2(target.name, class_name="mb-2"), standing(target, child=False, foot=foot)),
        )

    return rx.el.div(
        ui.alert_if(state.error),
        one(state.school),
        one(state.teacher),
        rx.el.div(
            ui.when(
                can_add(state),
                ui.button(texts.ADD_OTHER, icon_name="pencil", on_click=ReviewWritingState.edit),
            ),
            ui.link_button(
                texts.TO_SCHOOL, href=state.lesson.school_href, look="secondary", icon_name="school"
            ),
            class_name="flex flex-wrap gap-3",
        ),
        class_name="flex flex-col gap-6",
    )
