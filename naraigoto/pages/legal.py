"""/legal/terms, /legal/privacy, /legal/tokushoho: static texts with a table of contents."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.layout import SkipLink
from naraigoto.state.legal import LegalState
from naraigoto.texts import legal as texts
from naraigoto.texts.legal import Block, Document, Section


def legal_page(viewer: Any, document: Document) -> rx.Component:
    """One document, whole; readable without anything being loaded."""
    return ui.page(
        ui.page_heading(document.title, lead=document.lead),
        rx.el.p(texts.IN_FORCE, ": ", texts.day(document.version), class_name="np-muted np-small mb-6"),
        _contents(document),
        rx.el.article(*[_section(section) for section in document.sections], class_name="np-legal"),
        _contact(),
        _others(document),
        viewer=viewer,
        width="text",
    )


def _contents(document: Document) -> rx.Component:
    lines = [rx.el.li(_jump(f"#{section.key}", section.title)) for section in document.sections]
    return rx.el.nav(
        rx.el.h2(texts.CONTENTS, class_name="np-round mb-2"),
        rx.el.ol(*lines, class_name="grid gap-x-6 sm:grid-cols-2"),
        class_name="np-card p-5 mb-8",
        custom_attrs={"aria-label": texts.CONTENTS},
    )


def _jump(href: str, words: str) -> rx.Component:
    # A plain link: the router would take a jump for another page and move the focus to its top.
    return SkipLink.create(words, href=href, class_name="np-link inline-flex items-center min-h-11")


def _section(section: Section) -> rx.Component:
    heading = rx.el.h2(section.title, id=section.key, tab_index=-1, class_name="scroll-mt-20")
    return rx.el.section(heading, *[_block(block) for block in section.blocks])


def _block(block: Block) -> rx.Component:
    if isinstance(block, str):
        return rx.el.p(block)
    pairs = [item for item in block if isinstance(item, tuple)]
    if pairs:
        return ui.facts(*pairs)
    return rx.el.ul(*[rx.el.li(item) for item in block])


def _contact() -> rx.Component:
    state: Any = LegalState
    address = rx.cond(
        state.contact != "",
        rx.el.a(
            state.contact,
            href=f"mailto:{state.contact}",
            class_name="np-link inline-flex items-center min-h-11",
            reload_document=True,
        ),
        ui.skeleton("h-4 w-48"),
    )
    return rx.el.section(
        rx.el.h2(texts.CONTACT, id="contact", class_name="mb-2 text-[1.2rem]"),
        rx.el.p(texts.CONTACT_LEAD),
        rx.el.p(address),
        class_name="np-legal mt-8",
    )


def _others(document: Document) -> rx.Component:
    links = [
        ui.text_link(words, href=href, class_name="inline-flex items-center min-h-11")
        for href, words in texts.LINKS
        if words != document.title
    ]
    return rx.el.nav(
        *links, class_name="flex flex-wrap gap-x-6 mt-8", custom_attrs={"aria-label": texts.OTHERS}
    )
