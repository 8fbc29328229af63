"""The three documents of /legal: what they are made of, and their names in the footer and at sign-up."""

from typing import NamedTuple

Fact = tuple[str, str]
# A paragraph, a list, or a table of names and values.
Block = str | tuple[str, ...] | tuple[Fact, ...]


class Section(NamedTuple):
    """One article; `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


class Document(NamedTuple):
    """A whole document; `version` is the day from which it holds."""

    title: str
    description: str
    lead: str
    version: str
    sections: tuple[Section, ...]


TERMS = "利用規約"
PRIVACY = "プライバシーポリシー"
TOKUSHOHO = "特定商取引法に基づく表記"
LINKS = (("/legal/terms", TERMS), ("/legal/privacy", PRIVACY), ("/legal/tokushoho", TOKUSHOHO))
FOOTER_LABEL = "規約と表記"
CONTENTS = "目次"
IN_FORCE = "制定・改定日"
CONTACT = "お問い合わせ"
CONTACT_LEAD = "この文書についてのご質問や、ご請求は次のメールアドレスで受け付けています。"
OTHERS = "ほかの文書"


def day(version: str) -> str:
    """2026年4月1日, from 2026-04-01."""
    year, month, number = version.split("-")
    return f"{year}年{int(month)}月{int(number)}日"
