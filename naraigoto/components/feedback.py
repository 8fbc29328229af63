"""What the app says: alerts, badges, empty states, skeletons, toasts, errors of a whole page."""

from typing import Any, Literal

import reflex as rx

from naraigoto.components.base import Content, Text, classes, filled, screen_reader, when
from naraigoto.components.buttons import link_button
from naraigoto.components.icons import icon
from naraigoto.texts import ui

Tone = Literal["error", "info", "success"]
BadgeTone = Literal["plain", "accent", "child", "success", "danger", "info"]
_ALERT_ICONS: dict[str, str] = {"error": "circle-alert", "info": "info", "success": "circle-check"}


class Toast(rx.Component):
    """The page's one live region; a message appears, is read aloud and leaves by itself."""

    library = "$/public/np_shell.js"
    tag = "NpToast"

    message: rx.Var[str]
    close_label: rx.Var[str]
    seconds: rx.Var[int]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


class Reload(rx.Component):
    """A button that loads the page again."""

    library = "$/public/np_shell.js"
    tag = "NpReload"


def toast(message: Text, *, seconds: int = 6, on_done: Any = None) -> rx.Component:
    """Say a success in the live region; `on_done` runs when it was closed or faded."""
    events = {"on_done": on_done} if on_done is not None else {}
    return Toast.create(message=message, close_label=ui.CLOSE, seconds=seconds, **events)


def reload_button(words: Content = ui.RELOAD, *, class_name: str = "np-btn np-btn-primary") -> rx.Component:
    """A button that loads the page again from the server."""
    return Reload.create(words, class_name=class_name)


def alert(message: Content, *, tone: Tone = "error", live: bool = True, class_name: str = "") -> rx.Component:
    """An inline message of a form or section; errors are announced at once."""
    role = ("alert" if tone == "error" else "status") if live else None
    return rx.el.div(
        icon(_ALERT_ICONS[tone]),
        rx.el.div(message, class_name="min-w-0"),
        role=role,
        class_name=classes("np-alert", f"np-alert-{tone}", class_name),
    )


def alert_if(message: Text, *, tone: Tone = "error", class_name: str = "") -> rx.Component:
    """An inline message that shows itself when the text is not empty."""
    return when(filled(message), alert(message, tone=tone, class_name=class_name))


def badge(*children: Content, tone: BadgeTone = "plain", icon_name: str = "") -> rx.Component:
    """A small label of a state."""
    mark = [icon(icon_name, size=14)] if icon_name else []
    look = "" if tone == "plain" else f"np-badge-{tone}"
    return rx.el.span(*mark, *children, class_name=classes("np-badge", look))


def empty_state(
    title: Content,
    *,
    text: Content = "",
    icon_name: str = "search-x",
    action: rx.Component | None = None,
    level: int = 2,
) -> rx.Component:
    """Nothing here yet: says why and what to do next."""
    heading = rx.el.h1 if level == 1 else rx.el.h3 if level == 3 else rx.el.h2
    return rx.el.div(
        rx.el.div(icon(icon_name, size=32), class_name="np-empty-mark"),
        heading(title),
        when(filled(text), rx.el.p(text, class_name="np-muted")) if isinstance(text, str | rx.Var) else text,
        *([rx.el.div(action, class_name="mt-3")] if action is not None else []),
        class_name="np-empty",
    )


def error_page(
    title: str, text: str, *, icon_name: str = "triangle-alert", action: rx.Component | None = None
) -> rx.Component:
    """The body of a page that could not be shown (404, 503, a broken screen)."""
    return empty_state(
        title,
        text=text,
        icon_name=icon_name,
        level=1,
        action=action or link_button(ui.TO_HOME, href="/", reload_document=True),
    )


def crash_page() -> rx.Component:
    """What the error boundary shows instead of a broken page."""
    return rx.el.main(
        rx.el.title(ui.titled(ui.CRASH_TITLE)),
        error_page(ui.CRASH_TITLE, ui.CRASH_TEXT, action=reload_button()),
        id="main",
        class_name="np-main",
    )


def unavailable(*, level: int = 1) -> rx.Component:
    """The body of a page while the database is away (503); `level` 2 below a heading that stays."""
    return empty_state(
        ui.UNAVAILABLE_TITLE,
        text=ui.UNAVAILABLE_TEXT,
        icon_name="wifi-off",
        level=level,
        action=reload_button(),
    )


def limited() -> rx.Component:
    """The body of a page that was asked for too often (429)."""
    return error_page(ui.LIMITED_TITLE, ui.LIMITED_TEXT, icon_name="clock", action=reload_button())


def skeleton(class_name: str = "h-4 w-full") -> rx.Component:
    """One grey shape; give its size by utilities."""
    return rx.el.span(class_name=classes("np-skel", class_name), custom_attrs={"aria-hidden": "true"})


def _loading(*children: rx.Component, class_name: str) -> rx.Component:
    said = screen_reader(ui.LOADING)
    return rx.el.div(said, *children, class_name=class_name, custom_attrs={"aria-busy": "true"})


def skeleton_text(lines: int = 3) -> rx.Component:
    """Some lines of text that are on their way."""
    rows = [skeleton("h-4 w-full") for _ in range(lines - 1)]
    return _loading(*rows, skeleton("h-4 w-2/3"), class_name="flex flex-col gap-3")


def skeleton_rows(count: int = 3) -> rx.Component:
    """Some rows of a list that are on their way."""
    return _loading(*[skeleton("h-16 w-full") for _ in range(count)], class_name="flex flex-col gap-3")


def skeleton_cards(count: int = 6) -> rx.Component:
    """Some school cards that are on their way."""
    card = [
        rx.el.div(
            skeleton("w-full aspect-[3/2]"),
            rx.el.div(
                skeleton("h-5 w-3/4"),
                skeleton("h-4 w-1/2"),
                skeleton("h-12 w-full"),
                class_name="np-school-body",
            ),
            class_name="np-card np-school",
        )
        for _ in range(count)
    ]
    return _loading(*card, class_name="np-grid")
