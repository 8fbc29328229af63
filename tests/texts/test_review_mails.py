"""What the mails about reviews say."""

from dataclasses import asdict
from uuid import UUID

import pytest

from naraigoto.models.moderation import ReportAction, ReportReason
from naraigoto.services.notifications import Side
from naraigoto.services.review_notices import (
    AppealDecided,
    PointsEarned,
    ReportDecided,
    ReviewPosted,
    ReviewReplied,
)
from naraigoto.texts import mails
from tests.factories import NOW

URL = "https://naraigoto.example"
NUMBER = UUID("01890000-0000-7000-8000-000000000001")


def rendered(kind: str, facts) -> mails.Rendered:
    return mails.render(kind, facts.side.value, asdict(facts), public_url=URL, now=NOW)


def test_the_school_reads_the_review_and_may_answer() -> None:
    facts = ReviewPosted(Side.SCHOOL, "o@example.com", "スマイル水泳", NUMBER, True, 4, "たのしかった<b>")
    mail = rendered("review_posted", facts)
    assert mail.subject == "【習い事Prime】口コミが届きました"
    for part in (mail.text, mail.html):
        assert "★★★★☆" in part
        assert f"{URL}/school/reviews" in part
    assert "<b>" not in mail.html.split("たのしかった")[1][:10]


def test_the_family_reads_the_reply() -> None:
    facts = ReviewReplied(Side.GUARDIAN, "p@example.com", "スマイル水泳", "はじめての水泳", NUMBER, "またね")
    mail = rendered("review_replied", facts)
    assert "またね" in mail.text
    assert f"{URL}/bookings/{NUMBER}" in mail.html


@pytest.mark.parametrize("action", ReportAction)
def test_the_author_reads_decision_and_note_and_the_reporter_only_the_outcome(action: ReportAction) -> None:
    upheld = action is not ReportAction.DISMISS
    facts = ReportDecided(
        Side.GUARDIAN,
        "p@example.com",
        "スマイル水泳",
        ReportReason.FALSE,
        action,
        upheld,
        "お名前あり",
    )
    assert "お名前あり" in rendered("report_decided", facts).text
    other = ReportDecided(
        Side.ACCOUNT, "r@example.com", "スマイル水泳", ReportReason.FALSE, action, upheld, ""
    )
    told = rendered("report_decided", other).text
    assert ("公開をやめました" in told) is upheld


def test_who_has_deleted_the_review_reads_of_the_suspension_and_of_no_appeal() -> None:
    facts = ReportDecided(
        Side.GUARDIAN,
        "p@example.com",
        "スマイル水泳",
        ReportReason.FALSE,
        ReportAction.SUSPEND,
        upheld=True,
        note="悪口がありました",
        gone=True,
    )
    told = rendered("report_decided", facts).text
    assert "口コミを削除しました" not in told
    assert "30日間、新しい口コミを投稿できません" in told
    assert "異議" not in told


@pytest.mark.parametrize(
    ("granted", "shown", "words"),
    [
        (True, True, "申し立てを認め、口コミをまた公開しました"),
        (True, False, "申し立てを認めました"),
        (False, False, "申し立ては認められませんでした"),
    ],
)
def test_the_family_reads_what_became_of_its_appeal_and_why(granted: bool, shown: bool, words: str) -> None:
    facts = AppealDecided(Side.GUARDIAN, "p@example.com", "スマイル水泳", granted, shown, "見直し<b>しました")
    mail = rendered("appeal_decided", facts)
    assert mail.subject == "【習い事Prime】異議の申し立てへの回答"
    assert len(mail.subject) <= 30
    for part in (mail.text, mail.html):
        assert words in part
        assert f"{URL}/family" in part
    assert "見直し<b>しました" in mail.text
    assert "見直し<b>" not in mail.html


def test_points_say_that_the_rating_does_not_matter() -> None:
    mail = rendered("points_earned", PointsEarned(Side.GUARDIAN, "p@example.com", 50, 120))
    assert "50ポイント" in mail.text
    assert "評価の内容は問いません" in mail.text
    assert len(mail.subject) <= 30
