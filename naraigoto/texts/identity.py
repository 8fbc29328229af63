"""Words around signing in through an identity provider."""

from collections.abc import Mapping
from html import escape
from typing import Final

LEAD = "ログインと新規登録は、外部のログインサービスで行います。終わると、このサイトに戻ります。"
BUTTON = "ログイン・新規登録へ進む"
AS_SCHOOL = "教室を登録する"
AGREE = ("続けると、", "利用規約", "と", "プライバシーポリシー", "に同意したことになります。")
CONTINUE = "ログインを続ける"

LINK_HEADING = "すでに登録されているメールアドレスです"
LINK_LEAD = "{email} のアカウントがあります。ご本人の確認のため、これまでのパスワードを入力してください。次からは外部のログインサービスだけでログインできます。"
LINK_SUBMIT = "確認してログインする"
LINK_WRONG = "パスワードが違うようです。もう一度お確かめください"
LINK_OTHER = "別のアカウントでログインする"

PROBLEMS: Final[Mapping[str, str]] = {
    "away": "ログインサービスにつながりません。少し時間をおいて、もう一度お試しください。",
    "cancelled": "ログインを取りやめました。",
    "expired": "ログインの手続きが途中で切れました。お手数ですが、もう一度はじめからお願いします。",
    "refused": "ログインできませんでした。もう一度お試しください。続くときは運営にお問い合わせください。",
    "email": "ログインサービスから、使えるメールアドレスが届きませんでした。登録内容をご確認ください。",
}

_LEAVING = "ログアウトしています…"
_LEAVE = "自動で進まないときは、こちらを押してください"


def button(provider: str) -> str:
    """On the button that leads to the provider; its name may be unknown."""
    return f"{provider}でログイン・新規登録" if provider else BUTTON


def leaving_page(address: str) -> str:
    """The page between signing out here and signing out at the provider."""
    target = escape(address, quote=True)
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="0;url={target}"><title>{_LEAVING}</title></head>'
        f'<body><main><h1>{_LEAVING}</h1><p><a href="{target}">{_LEAVE}</a></p></main></body></html>'
    )
