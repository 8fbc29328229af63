"""/kids/review/[booking_id]: a child says how it felt, with five faces, stamps and few words."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.own_reviews import can_add, delete_dialog, standing, thanks
from naraigoto.components.rating_inputs import face_input, stamps, words_input
from naraigoto.pages.guarded import guarded
from naraigoto.pages.kids import line
from naraigoto.state.review_writing import KidsReviewState
from naraigoto.texts import kids_review as texts


def kids_review_page(viewer: Any) -> rx.Component:
    """The lesson, the faces; afterwards thanks and the child's own words."""
    state: Any = KidsReviewState
    body = rx.fragment(
        ui.page_heading(texts.TITLE),
        ui.when(
            state.outcome.done,
            thanks(
                rx.cond(state.outcome.held != "", line(texts.HELD_TITLE), line(texts.DONE)),
                points=state.outcome.points,
                held=state.outcome.held,
                child=True,
            ),
        ),
        rx.el.div(
            rx.el.p(state.lesson.title, class_name="text-xl font-bold"),
            rx.el.p(line(state.lesson.school_line)),
            class_name="rounded-xl bg-(--child-soft) px-5 py-4 mb-6",
        ),
        rx.cond(state.editing, _form(state), _written(state)),
        delete_dialog(
            state,
            text=texts.DELETE_TEXT,
            title=texts.DELETE_TITLE,
            keep=line(texts.KEEP),
            yes=line(texts.DELETE_YES),
        ),
    )
    return ui.kids_page(
        guarded(state.access, body, path=state.path, child=True),
        viewer=viewer,
        message=state.said,
        on_message_done=KidsReviewState.spoken,
    )


def _form(state: Any) -> rx.Component:
    again = (state.school.own.id != "") | (state.teacher.own.id != "")
    return rx.el.form(
        _target(state.school, "school", texts.SCHOOL),
        ui.when(
            state.teacher.id != "",
            _target(state.teacher, "instructor", texts.TEACHER, rx.el.p(line(texts.TEACHER_LEAD))),
        ),
        ui.alert_if(state.error),
        ui.submit_button(
            rx.cond(can_add(state), line(texts.SEND), line(texts.SAVE)),
            look="child",
            icon_name="sparkles",
            busy=state.busy,
            block=True,
        ),
        ui.when(
            again, ui.button(line(texts.STOP), look="secondary", on_click=KidsReviewState.stop, block=True)
        ),
        key=state.form_key,
        on_submit=KidsReviewState.send,
        reset_on_submit=False,
        class_name="flex flex-col gap-6",
    )


def _target(target: Any, kind: str, question: Any, note: rx.Component | None = None) -> rx.Component:
    words = [(kept, line(shown)) for kept, shown in texts.STAMPS_WORDS]
    own = [
        stamps(line(texts.STAMPS), words, chosen=target.stamps, name=f"{kind}-stamp"),
        words_input(
            f"{kind}-comment",
            line(texts.WORDS),
            hint=texts.WORDS_HINT,
            value=target.words,
            error=target.comment_error,
            limit=texts.WORDS_MAX,
            rows=3,
        ),
    ]
    fields = rx.fragment(
        face_input(f"{kind}-rating", line(question), value=target.own.rating, error=target.rating_error),
        *([note] if note is not None else []),
        *(own if kind == "school" else own[1:]),
    )
    stands = rx.fragment(
        rx.el.h2(line(question)),
        standing(target, child=True),
    )
    return rx.el.section(rx.cond(target.open, fields, stands), class_name="np-side-box np-side-box-child")


def _written(state: Any) -> rx.Component:
    def one(target: Any, name: Any) -> rx.Component:
        own = target.own
        foot = ui.when(
            own.editable != "",
            rx.el.div(
                ui.button(
                    line(texts.EDIT), look="secondary", icon_name="pencil", on_click=KidsReviewState.edit
                ),
                ui.button(
                    line(texts.DELETE),
                    look="secondary",
                    icon_name="trash-2",
                    on_click=KidsReviewState.ask_delete(own.id),
                    custom_attrs={"aria-label": f"{target.name} {texts.DELETE[0][0]}"},
                ),
                class_name="flex flex-wrap gap-3 pt-2",
            ),
        )
        return ui.when(
            (own.id != "") | (target.closed != ""),
            rx.el.section(rx.el.h2(name, class_name="mb-2"), standing(target, child=True, foot=foot)),
        )

    return rx.el.div(
        ui.alert_if(state.error),
        one(state.school, line(state.lesson.school_line)),
        one(state.teacher, state.teacher.name),
        ui.when(
            can_add(state),
            ui.button(
                line(texts.ADD_OTHER),
                look="secondary",
                icon_name="pencil",
                on_click=KidsReviewState.edit,
                block=True,
            ),
        ),
        ui.link_button(line(texts.HOME), href="/kids", look="child", icon_name="sun", block=True),
        class_name="flex flex-col gap-6",
    )
