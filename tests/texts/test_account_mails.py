"""Golden checks of the mails about one's own account: subject, name, link, how long it works."""

from typing import Any

import pytest

from naraigoto.texts import mails
from tests.factories import NOW

LINKS = {
    "email_verification": ("メールアドレスの確認", "/verify?token=abc", "メールアドレスを確認する", "72時間"),
    "password_reset": ("パスワードの再設定", "/reset?token=abc", "新しいパスワードを決める", "1時間"),
    "email_change": ("新しいメールアドレスの確認", "/verify?token=abc", "このアドレスに変更する", "72時間"),
}
NEWS = {
    "signup_attempted": ("すでにご登録があります", "/login", "ログインする"),
    "password_changed": ("パスワードを変更しました", "/reset", "11/24(火) 12:00"),
    "email_changed": ("メールアドレス変更の受付", "/reset", "11/24(火) 12:00"),
}


def rendered(kind: str, **facts: Any) -> mails.Rendered:
    told = {"side": "account", "to": "hanako@example.com", "name": "花子"} | facts
    return mails.render(kind, "account", told, public_url="https://np.test", now=NOW)


@pytest.mark.parametrize("kind", LINKS)
def test_a_link_is_one_button_and_says_how_long_it_works(kind: str) -> None:
    subject, path, button, hours = LINKS[kind]
    words = rendered(kind, token="abc", hours=1 if kind == "password_reset" else 72)
    assert words.subject == f"【習い事Prime】{subject}"
    for part in (words.text, words.html):
        assert ("花子さん" in part) is (kind == "password_reset")  # others: unproved inboxes
        for fact in (f"https://np.test{path}", button, f"{hours}、1回だけ", "削除してください"):
            assert fact in part
    assert words.html.count("https://") == 1


@pytest.mark.parametrize("kind", NEWS)
def test_news_say_what_to_do_when_it_was_somebody_else(kind: str) -> None:
    subject, path, fact = NEWS[kind]
    words = rendered(kind, at=NOW)
    assert words.subject == f"【習い事Prime】{subject}"
    for part in (words.text, words.html):
        for told in ("花子さん", "心あたりがないときは", f"https://np.test{path}", fact):
            assert told in part
    assert words.html.count("https://") == 1


@pytest.mark.parametrize("kind", [*LINKS, *NEWS])
def test_subjects_are_short_and_no_address_stands_in_the_mail(kind: str) -> None:
    words = rendered(kind, token="abc", hours=1, at=NOW)
    assert len(words.subject) <= 30
    assert "hanako@example.com" not in words.text + words.html


@pytest.mark.parametrize("kind", [*LINKS, *NEWS])
def test_without_a_name_the_mail_begins_with_what_it_has_to_say(kind: str) -> None:
    words = rendered(kind, name="", token="abc", hours=1, at=NOW)
    assert "さん" not in words.text.partition("\n")[0]
    assert words.text.startswith(words.text.lstrip())
    assert "<p></p>" not in words.html
    assert "<p>さん" not in words.html
