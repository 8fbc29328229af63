"""Schools seen last: remembered by this device alone, so that guests have them too and no server knows."""

import reflex as rx

from naraigoto.components.base import Text
from naraigoto.texts import search


class Seen(rx.NoSSRComponent):
    """The list in assets/np_seen.js; nothing at all while nothing was seen."""

    library = "$/public/np_seen.js"
    tag = "NpSeen"

    words: rx.Var[dict[str, str]]


class SeeNow(rx.Component):
    """Notes that a school is being looked at; draws nothing."""

    library = "$/public/np_seen.js"
    tag = "NpSeeNow"

    school: rx.Var[str]
    name: rx.Var[str]
    line: rx.Var[str]
    image: rx.Var[str]


def seen_schools() -> rx.Component:
    """The schools seen last, the latest first, and a button that forgets them."""
    return Seen.create(words={"title": search.SEEN, "clear": search.SEEN_CLEAR})


def see_now(school: Text, *, name: Text, line: Text, image: Text) -> rx.Component:
    """Note the school of this page."""
    return SeeNow.create(school=school, name=name, line=line, image=image)
