"""The documents are whole, agree with the rules, and can be walked through."""

import pytest

from naraigoto import rules
from naraigoto.texts import legal
from naraigoto.texts.legal import Block, Document
from naraigoto.texts.legal.privacy import DOCUMENT as PRIVACY
from naraigoto.texts.legal.terms import DOCUMENT as TERMS
from naraigoto.texts.legal.tokushoho import DOCUMENT as TOKUSHOHO


def words(document: Document) -> str:
    return "\n".join(
        part for section in document.sections for block in section.blocks for part in _parts(block)
    )


def _parts(block: Block) -> list[str]:
    if isinstance(block, str):
        return [block]
    return [part for item in block for part in ([item] if isinstance(item, str) else item)]


@pytest.mark.parametrize("document", [TERMS, PRIVACY, TOKUSHOHO], ids=lambda document: document.title)
def test_every_section_has_words_and_an_anchor_of_its_own(document: Document) -> None:
    keys = [section.key for section in document.sections]
    assert len(set(keys)) == len(keys)
    assert all(section.title and section.blocks for section in document.sections)
    assert legal.day(document.version).endswith("日")
    assert document.title in [name for _, name in legal.LINKS]


def test_versions_are_those_that_people_agree_to() -> None:
    assert (TERMS.version, PRIVACY.version) == (rules.TERMS_VERSION, rules.PRIVACY_VERSION)


def test_the_price_list_is_the_one_of_the_rules() -> None:
    told = words(TOKUSHOHO)
    for plan in rules.PLANS.values():
        assert f"月額{plan.amount:,}円（税込）・毎月チケット{plan.tickets_per_month}枚" in told


@pytest.mark.parametrize("item", ["お支払い", "お届け", "解約", "返金", "キャンセル", "6か月"])
def test_what_the_law_asks_for_is_told(item: str) -> None:
    told = words(TOKUSHOHO) + "".join(section.title for section in TOKUSHOHO.sections)
    assert item in told


def test_days_until_data_is_erased_are_those_of_the_rules() -> None:
    for document in (TERMS, PRIVACY):
        assert f"{rules.ERASE_AFTER.days}日" in words(document)
