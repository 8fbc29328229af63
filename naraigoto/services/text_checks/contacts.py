"""Ways to reach somebody outside of the site: numbers, addresses, links, names in social networks."""

import re

from naraigoto.services.text_checks.folding import digits

_GAP = r"[\s().・/_-]{0,3}"
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?81{_GAP}(?:\(0\))?{_GAP}[1-9](?:{_GAP}\d){{8,9}}"
    rf"|0[5789]0(?:{_GAP}\d){{8}}|0120(?:{_GAP}\d){{6}}|0[1-9](?:{_GAP}\d){{8}})(?!\d)"
)
_AT = r"\s?(?:@|[(\[<{]\s?(?:at|@|あっと)\s?[)\]>}]|\sat\s|あっと(?:まーく)?)\s?"
_DOT = r"\s?(?:\.|[(\[<{]\s?(?:dot|どっと|\.)\s?[)\]>}]|\sdot\s|どっと)\s?"
# Each run of letters is walked once: it begins where none stands before it, and gives nothing back (++, *+).
_BOX = r"[a-z0-9._%+-]"
_EMAIL = re.compile(rf"(?<!{_BOX}){_BOX}++{_AT}[a-z0-9][a-z0-9-]*+(?:{_DOT}[a-z0-9-]++)*{_DOT}[a-z]{{2,}}")
_TLD = (
    r"(?:com|net|org|jp|info|biz|io|me|co|tv|cc|ly|gl|app|dev|site|shop|store|online|xyz|tokyo|link|page"
    r"|club|blog)"
)
_URL = re.compile(
    rf"h\s?t\s?t\s?p\s?s?\s?:\s?/\s?/|www\s?\.|(?<![a-z0-9@-])-*+[a-z0-9][a-z0-9-]++(?:{_DOT}[a-z0-9-]++){{0,9}}{_DOT}{_TLD}(?![a-z])"
)
_NETWORK = (
    r"(?:line|らいん|いんすた(?:ぐらむ)?|instagram|insta|twitter|ついったー?|x|かかお|kakao|discord"
    r"|でぃすこーど|telegram|てれぐらむ|skype|facebook)"
)
_HANDLE = re.compile(
    rf"(?<![a-z]){_NETWORK}\s?(?:の|は|が|で)?\s?(?:id|あいでぃー?|あかうんと|あか)\s?(?:は|が|:|：|=|→|「)?\s?@?[a-z0-9][a-z0-9._-]{{2,}}"
    rf"|(?<![a-z0-9._%+-])@[a-z0-9_][a-z0-9._]{{2,}}"
    rf"|(?<![a-z]){_NETWORK}\s?(?::|→|=)\s?@?[a-z0-9][a-z0-9._-]{{3,}}"
)


def phone(folded: str) -> bool:
    """A Japanese number of ten or eleven figures, spelled in any way."""
    return _PHONE.search(digits(folded)) is not None


def email(folded: str) -> bool:
    """An address, also with 「あっと」 and 「どっと」."""
    return _EMAIL.search(folded) is not None


def url(folded: str) -> bool:
    """A link or a domain."""
    return _URL.search(_EMAIL.sub(" ", folded)) is not None


def handle(folded: str) -> bool:
    """A name in a social network."""
    return _HANDLE.search(_EMAIL.sub(" ", folded)) is not None
