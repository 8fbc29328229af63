"""Golden checks of the mails about plans and tickets: what was paid, what is there, until when."""

from datetime import date, datetime
from typing import Any

import pytest

from naraigoto import clock
from naraigoto.services import money_mails
from naraigoto.texts import mails, outbox

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=clock.JST)
FACTS: dict[str, Any] = {
    "to": "hanako@example.com",
    "plan": "standard",
    "tickets": 4,
    "left": 5,
    "count": 2,
    "amount": 6980,
    "expires_on": date(2026, 12, 31),
    "paid_at": datetime(2026, 11, 24, 1, 0, tzinfo=clock.ZoneInfo("UTC")),
    "renews_on": date(2026, 12, 24),
    "receipt_url": None,
    "next_on": date(2026, 11, 27),
    "ends_on": date(2026, 12, 24),
    "on_hold": False,
    "pending": 0,
}


def rendered(kind: str, **over: Any) -> mails.Rendered:
    return mails.render(kind, "guardian", FACTS | over, public_url="https://np.test", now=NOW)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("subscription_started", "【習い事Prime】チケット4枚をお届けしました"),
        ("subscription_renewed", "【習い事Prime】チケット4枚をお届けしました"),
        ("payment_failed", "【重要】お支払いができませんでした"),
        ("subscription_cancel_scheduled", "【習い事Prime】解約の手続きを受け付けました"),
        ("subscription_ended", "【習い事Prime】プランが終了しました"),
        ("tickets_low", "【習い事Prime】チケットが残り5枚です"),
        ("tickets_expiring", "【習い事Prime】まもなく期限のチケットがあります"),
    ],
)
def test_subjects_say_it_in_thirty_characters(kind: str, subject: str) -> None:
    assert rendered(kind).subject == subject
    assert len(subject) <= 30


def test_every_mail_is_known_to_admins() -> None:
    assert set(mails.SUBJECTS) == set(outbox.KINDS)


@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (
            "subscription_started",
            [
                "スタンダード",
                "¥6,980",
                "11/24(火) 10:00",
                "4枚",
                "5枚",
                "2026年12月31日まで",
                "2026年12月24日",
                "/search",
            ],
        ),
        ("subscription_renewed", ["スタンダード", "¥6,980", "4枚", "2026年12月24日", "/tickets"]),
        ("payment_failed", ["スタンダード", "¥6,980", "2026年11月27日", "5枚", "/tickets"]),
        ("subscription_cancel_scheduled", ["2026年12月24日", "取り消せます", "5枚", "/tickets"]),
        ("subscription_ended", ["2026年12月24日", "5枚", "2026年12月31日", "/plans"]),
        ("tickets_low", ["残り5枚", "2026年12月24日", "/tickets"]),
        ("tickets_expiring", ["2枚", "2026年12月31日", "/search"]),
    ],
)
def test_the_mail_says_what_the_family_needs(part: str, kind: str, facts: list[str]) -> None:
    words = getattr(rendered(kind), part)
    for fact in facts:
        assert fact in words, fact
    assert "None" not in words


@pytest.mark.parametrize("part", ["text", "html"])
def test_what_is_not_known_is_left_out(part: str) -> None:
    assert "次のお支払い日" not in getattr(rendered("subscription_renewed", renews_on=None), part)
    last = getattr(rendered("payment_failed", next_on=None, left=0), part)
    assert "プランは終了します" in last
    assert "引き続き使えます" not in last
    assert "使い切りました" in getattr(rendered("tickets_low", left=0, renews_on=None), part)
    assert "遅い期限" not in getattr(rendered("subscription_ended", left=0, expires_on=None), part)


@pytest.mark.parametrize("part", ["text", "html"])
def test_a_payment_on_hold_is_not_talked_away(part: str) -> None:
    kind = "subscription_cancel_scheduled"
    assert "お試しします" not in getattr(rendered(kind), part)
    tried = "確認中のお支払い（¥6,980）は、引き続きお試しします"
    assert tried in getattr(rendered(kind, on_hold=True, pending=6980), part)
    assert "確認中のお支払いは、引き続き" in getattr(rendered(kind, on_hold=True), part)
    low = getattr(rendered("tickets_low", left=0, renews_on=None, on_hold=True), part)
    assert "お支払い方法の更新は、ご家族の代表の方が" in low
    assert "プランへの登録" not in low
    assert "プランへの登録" in getattr(rendered("tickets_low", left=0, renews_on=None), part)


@pytest.mark.parametrize("kind", money_mails.FACTS)
def test_html_is_japanese_readable_in_the_dark_and_asks_nothing_of_other_hosts(kind: str) -> None:
    html = rendered(kind).html

    assert '<html lang="ja">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "src=" not in html
    assert html.count("http") == 1
