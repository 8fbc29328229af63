"""The frame of every page: skip link, header, navigation by role, main landmark, footer, live region."""

from typing import Any, Literal

import reflex as rx
from reflex.style import color_mode, set_color_mode

from naraigoto.components.base import Content, Text, classes, native_form, ruby
from naraigoto.components.buttons import submit_button
from naraigoto.components.cards import avatar
from naraigoto.components.feedback import badge, toast
from naraigoto.components.icons import icon
from naraigoto.components.lent_device import lent_device
from naraigoto.components.verify_banner import verify_banner
from naraigoto.texts import legal, ui

Width = Literal["wide", "text", "narrow"]
NavItem = tuple[str, str, str, str]  # key, address, icon, words

ANYONE: tuple[NavItem, ...] = (
    ("search", "/search", "search", ui.SEARCH),
    ("login", "/login", "log-in", ui.LOGIN),
)
GUARDIAN: tuple[NavItem, ...] = (
    ("home", "/home", "house", ui.HOME),
    ("search", "/search", "search", ui.SEARCH),
    ("bookings", "/bookings", "calendar-check", ui.BOOKINGS),
    ("family", "/family", "users", ui.FAMILY),
    ("tickets", "/tickets", "ticket", ui.TICKETS),
)
CHILD: tuple[NavItem, ...] = (
    ("kids", "/kids", "sun", ui.KIDS_TODAY),
    ("search", "/search", "search", ui.SEARCH),
)
SCHOOL: tuple[NavItem, ...] = (
    ("school", "/school", "clipboard-list", ui.TODAY),
    ("school-reviews", "/school/reviews", "message-circle", ui.REVIEWS),
    ("search", "/search", "search", ui.SEARCH),
)
ADMIN: tuple[NavItem, ...] = (
    ("reports", "/admin/reports", "triangle-alert", ui.REPORTS),
    ("operations", "/admin/operations", "monitor", ui.OPERATIONS),
    ("search", "/search", "search", ui.SEARCH),
)
# Where people look after their own things; elsewhere the banner would only be in the way.
_BANNER_ON = {"home", "family", "settings", "school"}


class RouteFocus(rx.Component):
    """Moves focus to the heading and says the title after a navigation inside the app."""

    library = "$/public/np_shell.js"
    tag = "NpRouteFocus"


class Main(rx.Component):
    """<main>: says that it is busy until everything the page loads has come."""

    library = "$/public/np_shell.js"
    tag = "NpMain"

    hydrated: rx.Var[bool]
    tab_index: rx.Var[int]


class SkipLink(rx.Component):
    """A plain <a>: the router's link would name the address under which the page was built."""

    tag = "a"
    _is_tag_in_global_scope = True

    href: rx.Var[str]


class Menu(rx.Component):
    """<details> that closes on Esc and outside clicks; its first child is the summary."""

    library = "$/public/np_shell.js"
    tag = "NpMenu"

    label: rx.Var[str]


def page(
    *children: Content,
    viewer: Any,
    section: str = "",
    message: Text = "",
    on_message_done: Any = None,
    width: Width = "wide",
) -> rx.Component:
    """A page for guests and families: `viewer` is SessionState.viewer, `section` the lit nav item."""
    return _frame(
        *children, viewer=viewer, section=section, message=message, on_done=on_message_done, width=width
    )


def kids_page(
    *children: Content, viewer: Any, section: str = "kids", message: Text = "", on_message_done: Any = None
) -> rx.Component:
    """A page for children: round letters of 18 px and more, big targets."""
    return _frame(
        *children,
        viewer=viewer,
        section=section,
        message=message,
        on_done=on_message_done,
        width="text",
        class_name="np-kids",
    )


def staff_page(
    *children: Content, viewer: Any, section: str, message: Text = "", on_message_done: Any = None
) -> rx.Component:
    """A page for schools and admins: side navigation on desktops."""
    return _frame(
        *children, viewer=viewer, section=section, message=message, on_done=on_message_done, side=True
    )


def _frame(
    *children: Content,
    viewer: Any,
    section: str,
    message: Text,
    on_done: Any,
    width: Width = "wide",
    side: bool = False,
    class_name: str = "",
) -> rx.Component:
    inner = children if width == "wide" else (rx.el.div(*children, class_name=f"np-{width}"),)
    begins = [verify_banner(viewer)] if section in _BANNER_ON else []
    side_nav = [rx.el.div(_nav(viewer, section, ui.NAV_SIDE), class_name="np-side")] if side else []
    main = Main.create(
        *begins, *inner, hydrated=rx.State.is_hydrated, id="main", tab_index=-1, class_name="np-main"
    )
    return rx.el.div(
        SkipLink.create(ui.SKIP, href="#main", class_name="np-skip"),
        RouteFocus.create(),
        _header(viewer, section, hide_nav=side, kids=class_name == "np-kids"),
        rx.el.div(*side_nav, main, class_name="np-body"),
        _footer(),
        _tab_bar(viewer, section),
        toast(message, on_done=on_done),
        class_name=classes("np-page np-has-tabbar", class_name),
    )


def _header(viewer: Any, section: str, *, hide_nav: bool, kids: bool) -> rx.Component:
    hidden = "lg:hidden" if hide_nav else ""
    return rx.el.header(
        rx.el.div(
            rx.el.a(
                rx.el.img(src="/favicon.svg", alt="", width=28, height=28),
                rx.el.span(*_brand(kids=kids), rx.el.b(ui.BRAND_SECOND)),
                href="/",
                class_name="np-logo",
            ),
            rx.el.div(_nav(viewer, section, ui.NAV_MAIN), class_name=classes("np-wide-only", hidden)),
            rx.el.div(class_name="flex-1"),
            _tickets(viewer),
            _account(viewer),
            class_name="np-bar-inner",
        ),
        rx.cond(viewer.child_mode, lent_device(), rx.fragment()),
        class_name="np-bar",
    )


def _brand(*, kids: bool) -> list[Content]:
    return [ruby(word, reading) if kids and reading else word for word, reading in ui.BRAND_FIRST]


def _nav(viewer: Any, section: str, label: str) -> rx.Component:
    return rx.el.nav(_items(viewer, section), class_name="np-nav", custom_attrs={"aria-label": label})


def _tab_bar(viewer: Any, section: str) -> rx.Component:
    return rx.el.nav(
        _items(viewer, section, size=22), class_name="np-tabbar", custom_attrs={"aria-label": ui.NAV_TABS}
    )


def _items(viewer: Any, section: str, *, size: int = 18) -> rx.Component:
    def links(items: tuple[NavItem, ...]) -> rx.Component:
        return rx.fragment(*[_nav_link(item, section, size) for item in items])

    return rx.match(  # pyright: ignore[reportReturnType]  # components only
        viewer.type,
        ("parent", links(GUARDIAN)),
        ("child", links(CHILD)),
        ("school_owner", links(SCHOOL)),
        ("admin", links(ADMIN)),
        links(ANYONE),
    )


def _nav_link(item: NavItem, section: str, size: int) -> rx.Component:
    key, href, name, words = item
    here = {"aria-current": "page"} if key == section else {}
    return rx.el.a(icon(name, size=size), words, href=href, custom_attrs=here)


def _tickets(viewer: Any) -> rx.Component:
    words = badge(ui.TICKETS, " ", viewer.tickets, ui.TICKET_UNIT, tone="accent", icon_name="ticket")
    return rx.cond(viewer.type == "parent", words, rx.fragment())


def _account(viewer: Any) -> rx.Component:
    face = rx.cond(
        viewer.signed_in,
        rx.cond(viewer.type == "child", avatar(viewer.name, child=True), avatar(viewer.name)),
        rx.el.span(icon("settings"), class_name="np-btn-icon grid place-items-center"),
    )
    who = rx.cond(viewer.signed_in, rx.el.p(viewer.name, class_name="font-bold"), rx.fragment())
    way_out = native_form(
        submit_button(icon("log-out"), ui.LOGOUT, look="secondary", block=True),
        action="/auth/logout",
        method="post",
    )
    own = rx.el.a(
        icon("settings"),
        rx.cond(viewer.type == "child", rx.el.span(ruby(*ui.SETTINGS_KIDS)), rx.el.span(ui.SETTINGS)),
        href="/settings",
        class_name="np-btn np-btn-secondary np-btn-block",
    )
    way_in = rx.el.a(icon("log-in"), ui.LOGIN, href="/login", class_name="np-btn np-btn-primary np-btn-block")
    hand_over = rx.cond(
        viewer.type == "parent",
        rx.el.a(
            icon("smile"),
            ui.CHILD_MODE,
            href="/family#children",
            class_name="np-btn np-btn-secondary np-btn-block",
        ),
        rx.fragment(),
    )
    inside = rx.el.div(
        who,
        hand_over,
        rx.cond(viewer.signed_in, own, rx.fragment()),
        theme_choice(),
        rx.cond(viewer.signed_in, way_out, way_in),
        class_name="flex flex-col gap-3",
    )
    return Menu.create(face, inside, label=ui.NAV_ACCOUNT, class_name="np-menu")


def theme_choice() -> rx.Component:
    """Light, dark or as the device says."""
    modes: tuple[tuple[Literal["light", "dark", "system"], str, str], ...] = (
        ("light", "sun", ui.THEME_LIGHT),
        ("dark", "moon", ui.THEME_DARK),
        ("system", "monitor", ui.THEME_SYSTEM),
    )
    buttons = [
        rx.el.button(
            icon(name, size=16),
            words,
            type="button",
            on_click=set_color_mode(mode),
            class_name="np-chip flex-1 justify-center np-small px-1",
            custom_attrs={"aria-pressed": rx.cond(color_mode == mode, "true", "false")},
        )
        for mode, name, words in modes
    ]
    return rx.el.div(*buttons, role="group", class_name="flex gap-1", custom_attrs={"aria-label": ui.THEME})


def _footer() -> rx.Component:
    return rx.el.footer(
        rx.el.div(
            rx.el.p(ui.FOOTER),
            rx.el.nav(
                rx.el.a(ui.PLANS, href="/plans"),
                *[rx.el.a(words, href=href) for href, words in legal.LINKS],
                class_name="np-foot-links",
                custom_attrs={"aria-label": legal.FOOTER_LABEL},
            ),
            rx.el.p("© ", ui.BRAND),
            class_name="np-foot-inner",
        ),
        class_name="np-foot",
    )


def page_heading(
    title: Content, *, lead: Content | None = None, action: rx.Component | None = None
) -> rx.Component:
    """The h1 of a page, with an optional line below and an action at the right."""
    below = [rx.el.p(lead, class_name="np-muted")] if lead is not None else []
    right = [action] if action is not None else []
    return rx.el.div(
        rx.el.div(rx.el.h1(title, tab_index=-1), *below, class_name="min-w-0"),
        *right,
        class_name="flex flex-wrap items-end justify-between gap-3 mb-6",
    )
