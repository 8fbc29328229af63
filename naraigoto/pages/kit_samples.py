"""The samples of /dev/kit that need no state."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.buttons import Look
from naraigoto.components.fetch_form import FormField, FormTexts, Link, Says, Strength, fetch_form
from naraigoto.texts import kit
from naraigoto.texts import ui as words

_SWATCHES = (
    "paper",
    "surface",
    "soft",
    "line",
    "ink",
    "muted",
    "accent",
    "accent-soft",
    "child",
    "child-soft",
)
_ROW = "flex flex-wrap items-center gap-3"


Looks = tuple[tuple[Look, str], ...]


def colours() -> rx.Component:
    """Tokens as swatches, and the type scale."""
    swatches = [
        rx.el.div(
            rx.el.div(
                class_name="h-12 rounded-xl border border-(--line)", style={"background": f"var(--{name})"}
            ),
            rx.el.span(name, class_name="np-small np-muted"),
            class_name="w-24",
        )
        for name in _SWATCHES
    ]
    return rx.el.div(
        rx.el.div(*swatches, class_name="flex flex-wrap gap-3 mb-4"),
        rx.el.p(words.TAGLINE, class_name="np-round text-3xl"),
        rx.el.p(kit.PARENT_WORDS),
        rx.el.p(ui.text_link(kit.SECONDARY, href="/dev/kit"), class_name="np-small"),
    )


def buttons() -> rx.Component:
    """Every look of a button, busy and disabled."""
    looks: Looks = (
        ("primary", kit.PRIMARY),
        ("secondary", kit.SECONDARY),
        ("quiet", kit.QUIET),
        ("danger", kit.DANGER),
        ("child", kit.CHILD),
    )
    return rx.el.div(
        rx.el.div(*[ui.button(text, look=look) for look, text in looks], class_name=_ROW),
        rx.el.div(
            ui.button(kit.BUSY, busy=True),
            ui.button(kit.DISABLED, disabled=True),
            ui.link_button(kit.SECONDARY, href="/dev/kit", look="secondary", icon_name="arrow-right"),
            ui.icon_button("heart", label=kit.LIKE),
            ui.icon_button("trash-2", label=kit.DANGER, look="danger"),
            ui.icon_button("x", label=words.CLOSE, disabled=True),
            class_name=_ROW,
        ),
        ui.button(kit.LONG, block=True),
        class_name="flex flex-col gap-4",
    )


def forms() -> rx.Component:
    """Fields: plain, with hint, with error, disabled; a choice of children."""
    people = [
        ui.choice(
            "who",
            key,
            rx.el.span(name, class_name="font-bold"),
            rx.el.span(f"　{note}", class_name="np-small"),
            disabled=key == "riku",
        )
        for key, name, note in kit.CHILDREN
    ]
    return rx.el.form(
        ui.text_field("email", kit.EMAIL, kind="email", hint=kit.EMAIL_HINT, required=True),
        ui.text_field("email-bad", kit.EMAIL, kind="email", error=kit.EMAIL_ERROR, default_value="hanako@"),
        ui.text_field("off", kit.EMAIL, disabled=True, default_value="hanako@example.com"),
        ui.select_field("area", kit.AREA, kit.AREAS),
        ui.choices(kit.WHO, *people),
        rx.el.div(
            ui.checkbox("free", kit.CHECK), ui.checkbox("no", kit.CHECK_OFF, disabled=True), class_name=_ROW
        ),
        rx.el.div(ui.submit_button(kit.PRIMARY, disabled=True), class_name="self-end"),
        class_name="grid gap-5 sm:grid-cols-2",
    )


def sent_form() -> rx.Component:
    """A form that sends JSON and says on the spot that it is done; nobody listens at its address."""
    strength = Strength(10, 15, kit.STRENGTH_SHORT, kit.STRENGTH_FAIR, kit.STRENGTH_STRONG)
    secret = FormField(
        "password",
        kit.PASSWORD,
        type="password",
        auto_complete="new-password",
        hint=kit.PASSWORD_HINT,
        show=kit.SHOW,
        hide=kit.HIDE,
        strength=strength,
    )
    return fetch_form(
        FormField("kind", kit.KIND, type="choice", options=kit.KINDS, value="parent", query="kind"),
        FormField("name", kit.NAME, hint=kit.NAME_HINT, value=kit.AUTHOR_CHILD, codes=("email_taken",)),
        secret,
        FormField("month", kit.MONTH, type="month", required=False, optional=kit.OPTIONAL),
        FormField("agree", kit.AGREE, type="checkbox", links=(Link(kit.AGREE_LINK, "/dev/kit"),)),
        FormField("token", type="hidden", query="token"),
        action="/api/v1/dev/kit",
        method="PUT",
        texts=FormTexts(kit.SAVE, kit.EMPTY_FIELD, failed=kit.UNREACHABLE),
        done=Says(kit.SAVED),
    )


def cards() -> rx.Component:
    """School cards: everything known, ratings being prepared, very long name."""
    full: dict[str, Any] = {
        "href": "/dev/kit",
        "area": kit.SCHOOL_AREA,
        "category": kit.SCHOOL_GENRE,
        "distance": kit.DISTANCE,
    }
    return rx.el.div(
        ui.school_card(
            name=kit.SCHOOL, rating_parent="4.5", rating_child="4.8", next_slot=kit.NEXT, level=3, **full
        ),
        ui.school_card(name=kit.SCHOOL, level=3, **full),
        ui.school_card(name=kit.LONG, rating_parent="3.9", next_slot=kit.NEXT, level=3, **full),
        ui.card(
            rx.el.h3(kit.SCHOOL),
            rx.el.div(ui.avatar(kit.CHILD_WORDS, child=True), ui.avatar(kit.SCHOOL), class_name=_ROW),
        ),
        class_name="np-grid",
    )


def voices() -> rx.Component:
    """The signature pair, long words, stars and faces of every value."""
    reply = rx.el.p(kit.REPLY, class_name="np-small border-t border-(--line) pt-2")
    parent = ui.voice(
        kit.PARENT_WORDS, author=kit.AUTHOR_PARENT, date=kit.WHEN, rating=ui.stars(4), footer=reply
    )
    scores = (
        ui.score("4.5", count="12"),
        ui.score("4.8", child=True),
        ui.score(""),
        ui.score("", child=True),
    )
    child = ui.voice(kit.CHILD_WORDS, child=True, author=kit.AUTHOR_CHILD, date=kit.WHEN, rating=ui.faces(5))
    return rx.el.div(
        ui.voice_pair(parent, child),
        rx.el.div(*[ui.stars(value) for value in (1, 2.5, 4.5, 5)], class_name=f"{_ROW} mt-4"),
        rx.el.div(*[ui.faces(value) for value in range(1, 6)], class_name=f"{_ROW} mt-2"),
        rx.el.div(*scores, class_name=f"{_ROW} mt-4"),
    )


def feedback(on_toast: Any) -> rx.Component:
    """Alerts, badges, the toast, an empty state."""
    tones = ("plain", "accent", "child", "success", "danger", "info")
    return rx.el.div(
        ui.alert(kit.ERROR, live=False),
        ui.alert(kit.INFO, tone="info", live=False),
        ui.alert(kit.SUCCESS, tone="success", live=False),
        rx.el.div(*[ui.badge(kit.STATUS, tone=tone) for tone in tones], class_name=_ROW),
        rx.el.div(ui.button(kit.SHOW_TOAST, look="secondary", on_click=on_toast)),
        ui.card(
            ui.empty_state(
                kit.EMPTY, text=kit.EMPTY_TEXT, action=ui.button(kit.EMPTY_ACTION, look="secondary"), level=3
            )
        ),
        class_name="flex flex-col gap-4",
    )


def lists() -> rx.Component:
    """Facts, the table that turns into cards, the pager."""
    rows = [ui.table_row(*zip(kit.ROSTER_HEAD, row, strict=True)) for row in kit.ROSTER]
    return rx.el.div(
        ui.card(ui.facts(*kit.FACTS)),
        ui.table(kit.ROSTER_HEAD, *rows, caption=kit.LISTS),
        ui.pager(True, rx.noop()),
        class_name="flex flex-col gap-6",
    )


def kids() -> rx.Component:
    """Rounder, bigger, with furigana."""
    (title, rest), (word, tail) = kit.KIDS_TITLE, kit.KIDS_WORDS
    return rx.el.div(
        rx.el.h3(ui.ruby(*title), rest),
        rx.el.p(ui.ruby(*word), tail),
        rx.el.div(
            ui.button(kit.CHILD, look="child", icon_name="heart"), ui.chip(kit.GENRES[0][0]), class_name=_ROW
        ),
        class_name="np-kids np-card flex flex-col gap-3",
    )


def loading() -> rx.Component:
    """Skeletons of text, rows and cards."""
    return rx.el.div(
        ui.skeleton_text(), ui.skeleton_rows(2), ui.skeleton_cards(3), class_name="flex flex-col gap-6"
    )


def pages() -> rx.Component:
    """What stands on a page that can't be shown; headings are lowered so the page keeps one h1."""
    parts = (
        (words.NOT_FOUND_TITLE, words.NOT_FOUND_TEXT, "map"),
        (words.UNAVAILABLE_TITLE, words.UNAVAILABLE_TEXT, "wifi-off"),
        (words.CRASH_TITLE, words.CRASH_TEXT, "triangle-alert"),
    )
    action = ui.link_button(words.TO_HOME, href="/", look="secondary")
    samples = [
        ui.card(ui.empty_state(title, text=text, icon_name=name, level=3, action=action))
        for title, text, name in parts
    ]
    return rx.el.div(*samples, class_name="grid gap-4 md:grid-cols-3")
