"""What may not stand in public: ways to reach people, where children are, words that hurt (D11).

Everything is looked at after folding (width, kana, spaces, look-alikes), so
「０９０…」, 「ぜろきゅうぜろ…」 and 「タ ヒ ね」 are seen too.
A finding holds a text for a person to look at; nothing is judged here.
"""

from enum import StrEnum

from naraigoto.services.text_checks import contacts, folding, places, words
from naraigoto.services.text_checks.cleaning import clean, has_html


class Finding(StrEnum):
    """Why a text is held; the author is told."""

    PHONE = "phone"
    ADDRESS = "address"
    EMAIL = "email"
    URL = "url"
    CONTACT = "contact"
    SCHOOL = "school"
    WORD = "word"


def check(text: str, *, known: tuple[str, ...] = ()) -> list[Finding]:
    """What was found, each kind once; `known` are names that may stand, such as the reviewed school's own."""
    folded = folding.fold(text)
    for name in known:
        folded = folded.replace(folding.fold(name), " ")
    found = {
        Finding.EMAIL: contacts.email(folded),
        Finding.URL: contacts.url(folded),
        Finding.CONTACT: contacts.handle(folded),
        Finding.PHONE: contacts.phone(folded),
        Finding.ADDRESS: places.address(folded),
        Finding.SCHOOL: places.school(folded),
        Finding.WORD: words.hurtful(folded),
    }
    return [finding for finding, seen in found.items() if seen]


__all__ = ["Finding", "check", "clean", "has_html"]
