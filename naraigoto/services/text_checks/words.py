"""Words that hurt, from our own list (data/moderation/ja.txt)."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from naraigoto.services.text_checks.folding import fold, squeeze

_EDGE = r"[ぁ-んー一-龠々a-z0-9]"
# What may follow a word that stands alone: an ending of speech, not the middle of another word.
_ENDINGS = r"(?:よ|ね|な|だ|です|じゃん|やろ|って|と|が|は|の|を|に|も|って)?"


class Word(NamedTuple):
    """A word of the list: anywhere in the text, or only `alone`; not inside its harmless relatives."""

    text: str
    alone: bool
    harmless: tuple[str, ...]


def hurtful(folded: str) -> bool:
    """Whether a word of the list stands in the text, also taken apart or stretched."""
    squeezed = squeeze(folded)
    return any(_stands(word, folded, squeezed) for word in _words())


def _stands(word: Word, folded: str, squeezed: str) -> bool:
    if word.alone:
        return re.search(rf"(?<!{_EDGE}){re.escape(word.text)}{_ENDINGS}(?!{_EDGE})", folded) is not None
    for other in word.harmless:
        squeezed = squeezed.replace(other, " ")
    return word.text in squeezed


@lru_cache(maxsize=1)
def _words() -> tuple[Word, ...]:
    lines = (files("naraigoto.data") / "moderation" / "ja.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_word(line) for line in lines if line.strip() and not line.startswith("#"))


def _word(line: str) -> Word:
    text, _, harmless = line.partition("|")
    alone = text.startswith("=")
    plain = fold(text.strip().removeprefix("="))
    return Word(
        text=plain if alone else squeeze(plain),
        alone=alone,
        harmless=tuple(squeeze(fold(other.strip())) for other in harmless.split(",") if other.strip()),
    )
