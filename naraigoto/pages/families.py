"""/family: the children and how they come in, the guardians and how one more joins."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.copying import copy_field
from naraigoto.pages.child_form import child_dialog
from naraigoto.pages.family_reviews import family_reviews
from naraigoto.pages.guarded import guarded
from naraigoto.state.child_form import ChildFormState
from naraigoto.state.families import FamilyState
from naraigoto.state.family_reviews import FamilyReviewsState
from naraigoto.texts import families as texts
from naraigoto.texts import ui as words


def family_page(viewer: Any) -> rx.Component:
    """Children first, then guardians; a guardian without a family begins one here."""
    state: Any = FamilyState
    body = rx.fragment(
        ui.page_heading(state.name, lead=texts.LEAD),
        rx.el.div(
            rx.el.div(_children(state), class_name="min-w-0"),
            rx.el.div(_guardians(state), class_name="flex flex-col gap-8"),
            class_name="grid items-start gap-8 lg:grid-cols-[1fr_24rem]",
        ),
        family_reviews(),
        child_dialog(),
        _question(state),
    )
    shown = rx.cond(state.access == "family", _begin(state), guarded(state.access, body, path="/family"))
    return ui.page(
        shown,
        viewer=viewer,
        section="family",
        message=rx.cond(FamilyReviewsState.said != "", FamilyReviewsState.said, FamilyState.message),
        on_message_done=[FamilyState.said, FamilyReviewsState.spoken],
    )


def _begin(state: Any) -> rx.Component:
    return rx.el.div(
        ui.empty_state(
            texts.BEGIN_TITLE,
            text=texts.BEGIN_TEXT,
            icon_name="users",
            action=ui.button(texts.BEGIN, on_click=FamilyState.begin),
            level=1,
        ),
        ui.alert_if(state.error),
        class_name="np-text",
    )


def _children(state: Any) -> rx.Component:
    add = ui.button(texts.ADD_CHILD, icon_name="baby", on_click=ChildFormState.add, look="secondary")
    first = ui.card(
        ui.empty_state(
            rx.cond(state.owner, texts.FIRST_TITLE, texts.NO_CHILDREN),
            text=rx.cond(state.owner, texts.FIRST_TEXT, texts.NO_CHILDREN_TEXT),
            icon_name="baby",
            action=ui.when(
                state.owner, ui.button(texts.ADD_CHILD, icon_name="baby", on_click=ChildFormState.add)
            ),
            level=3,
        )
    )
    rows = rx.fragment(
        rx.el.ul(rx.foreach(state.children, _child), class_name="grid gap-4 sm:grid-cols-2"),
        rx.el.p(texts.HAND_OVER_HINT, class_name="np-small np-muted mt-3"),
        _way_in(state),
    )
    some = state.children.length() > 0
    return rx.el.section(
        rx.el.div(
            rx.el.h2(texts.CHILDREN),
            ui.when(some & state.owner, add),
            class_name="flex flex-wrap items-center justify-between gap-3 mb-3",
        ),
        rx.cond(some, rows, first),
        id="children",
    )


def _child(child: Any) -> rx.Component:
    change = ui.button(
        texts.CHANGE,
        look="secondary",
        on_click=ChildFormState.edit(child.id),
        custom_attrs={"aria-label": f"{child.name}{texts.CHANGE_LABEL}"},
    )
    hand_over = ui.native_form(
        ui.submit_button(
            texts.HAND_OVER,
            look="child",
            icon_name="smile",
            block=True,
            custom_attrs={"aria-label": f"{child.name}{texts.HAND_OVER_LABEL}"},
        ),
        action="/auth/child-mode/" + child.id,
        method="post",
        class_name="flex-1",
    )
    return rx.el.li(
        rx.el.div(
            ui.avatar(child.name, child=True),
            rx.el.div(
                rx.el.h3(child.name, " ", rx.el.span(child.age, class_name="np-muted font-normal")),
                rx.el.p(child.born, class_name="np-small np-muted"),
                class_name="min-w-0",
            ),
            class_name="flex items-center gap-3",
        ),
        ui.when(child.interests != "", rx.el.p(ui.icon("heart", size=16), " ", child.interests)),
        rx.el.p(
            rx.el.span(texts.LOGIN_NAME, class_name="np-small np-muted"),
            rx.el.b(child.login_name, class_name="np-round text-lg"),
            class_name="flex flex-wrap items-baseline gap-x-3",
        ),
        rx.el.div(hand_over, ui.when(FamilyState.owner, change), class_name="mt-auto flex gap-2"),
        class_name="np-card flex flex-col gap-3 border-l-4 border-l-(--child)",
        key=child.id,
    )


def _way_in(state: Any) -> rx.Component:
    code = rx.el.b(state.code, class_name="np-round text-2xl tracking-widest text-(--child)")
    return rx.el.section(
        rx.el.h3(texts.WAY_IN_TITLE),
        rx.el.p(texts.WAY_IN_TEXT, class_name="np-small"),
        ui.facts(
            (texts.FAMILY_CODE, code),
            (texts.LOGIN_NAME, texts.LOGIN_NAME_PLACE),
            (texts.PASSCODE, texts.PASSCODE_PLACE),
        ),
        class_name="mt-6 flex flex-col gap-2 rounded-xl bg-(--child-soft) p-5",
    )


def _guardians(state: Any) -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.h2(texts.GUARDIANS, class_name="mb-3 flex items-center lg:min-h-11"),
            ui.card(
                rx.el.ul(rx.foreach(state.guardians, _guardian), class_name="flex flex-col gap-3"),
                rx.el.p(texts.ROLES, class_name="np-small np-muted mt-4"),
            ),
        ),
        ui.when(state.owner, _invite(state)),
        ui.when(~state.owner & (state.error != "") & (state.question.kind == ""), ui.alert(state.error)),
    )


def _guardian(guardian: Any) -> rx.Component:
    leave = ui.button(texts.LEAVE, look="quiet", on_click=FamilyState.ask(guardian.id))
    remove = ui.button(
        texts.REMOVE,
        look="quiet",
        on_click=FamilyState.ask(guardian.id),
        custom_attrs={"aria-label": f"{guardian.name}{texts.REMOVE_LABEL}"},
    )
    action = rx.cond(
        guardian.owner,
        rx.fragment(),
        rx.cond(guardian.me, leave, rx.cond(FamilyState.owner, remove, rx.fragment())),
    )
    return rx.el.li(
        ui.avatar(guardian.name),
        rx.el.span(guardian.name, class_name="font-bold min-w-0 flex-1"),
        ui.when(guardian.owner, ui.badge(texts.OWNER, tone="accent")),
        ui.when(guardian.me, ui.badge(texts.ME)),
        action,
        class_name="flex flex-wrap items-center gap-3",
        key=guardian.id,
    )


def _invite(state: Any) -> rx.Component:
    make = ui.button(
        texts.INVITE, icon_name="mail", look="secondary", block=True, on_click=FamilyState.invite
    )
    asked = rx.cond(state.verified, make, ui.alert(texts.INVITE_VERIFY, tone="info", live=False))
    return rx.el.section(
        rx.el.h2(texts.INVITE, class_name="mb-3"),
        ui.card(
            rx.el.p(texts.INVITE_LEAD, class_name="np-small"),
            rx.cond(state.link.url != "", _link(state.link), asked),
            ui.when(state.question.kind == "", ui.alert_if(state.error)),
            ui.when(state.invitations.length() > 0, _waiting(state)),
            class_name="flex flex-col gap-4",
        ),
    )


def _link(link: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(ui.icon("circle-check", class_name="text-(--success)"), " ", rx.el.b(texts.INVITE_READY)),
            rx.el.p(texts.INVITE_ONCE, class_name="np-small"),
            rx.el.p(ui.icon("clock", size=16), " ", link.until, class_name="np-small np-muted"),
            role="status",
        ),
        copy_field(link.url, label=texts.LINK, copy=texts.COPY, done=texts.COPIED),
        ui.link_button(
            texts.SEND_MAIL,
            href=link.mail,
            look="secondary",
            icon_name="mail",
            block=True,
            reload_document=True,
        ),
        class_name="flex flex-col gap-2.5",
    )


def _waiting(state: Any) -> rx.Component:
    def row(invitation: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(invitation.until, class_name="np-small flex-1"),
            ui.button(
                texts.TAKE_BACK,
                look="quiet",
                on_click=FamilyState.take_back(invitation.id),
                custom_attrs={"aria-label": f"{invitation.until}{texts.TAKE_BACK_LABEL}"},
            ),
            class_name="flex items-center gap-3",
            key=invitation.id,
        )

    return rx.el.div(
        rx.el.h3(texts.OPEN_INVITATIONS, class_name="np-small"),
        rx.el.ul(rx.foreach(state.invitations, row)),
        class_name="border-t border-(--line) pt-3",
    )


def _question(state: Any) -> rx.Component:
    asked = state.question
    said = rx.match(
        asked.kind,
        ("me", texts.LEAVE_TEXT),
        ("guardian", texts.REMOVE_GUARDIAN_TEXT),
        texts.REMOVE_CHILD_TEXT,
    )
    leaving = asked.kind == "me"
    title = rx.cond(leaving, texts.LEAVE_TITLE, f"{asked.name}{texts.REMOVE_TITLE}")
    return ui.dialog(
        rx.el.p(said),
        ui.alert_if(state.error, class_name="mt-3"),
        id_="family-question",
        title=title,
        open_=asked.kind != "",
        on_close=FamilyState.close,
        footer=[
            ui.button(words.CANCEL, look="secondary", on_click=FamilyState.close),
            ui.button(
                rx.cond(leaving, texts.LEAVE_DO, texts.REMOVE_DO),
                look="danger",
                on_click=FamilyState.answer,
            ),
        ],
    )
