"""What a person typed, as it is kept: no invisible letters, no tricks with the writing direction."""

import re
import unicodedata

# Marks that turn the writing direction, and letters nobody sees; ZWJ stays, it joins pictures.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+"
)
_EMPTY_LINES = re.compile(r"\n{3,}")
# Everything in it is bounded: an open end would be walked again from every "<" and every space.
_TAG = re.compile(r"<\s{0,3}[/!?]?\s{0,3}[a-z][^<>]{0,400}>|<!--", re.IGNORECASE)
# Marks are sorted in the square of their number; a text far beyond every limit is refused unsorted.
_SORTED_UP_TO = 5_000
_NOTHING = re.compile("[\\s\u2800\u200d\ufe0f]*")


def clean(text: str) -> str:
    """The text as people see it: NFC, plain line ends, trimmed; nothing invisible is left."""
    if len(text) <= _SORTED_UP_TO:
        text = unicodedata.normalize("NFC", text)
    text = _ENDS.sub("\n", text)
    text = _CONTROLS.sub("", _UNSEEN.sub("", text))
    text = _MARKS.sub(r"\1", text)
    lines = [line.rstrip() for line in text.split("\n")]
    text = _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
    return "" if _NOTHING.fullmatch(text) else text


def has_html(text: str) -> bool:
    """Whether somebody typed a tag; it would be shown as it stands, and mean nothing."""
    return _TAG.search(text) is not None
