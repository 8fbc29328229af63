from datetime import datetime

import pytest

from naraigoto import errors
from naraigoto.texts import login
from naraigoto.texts.errors import WORDINGS, field_problem, refusal


def every(kind: type[errors.DomainError]) -> list[type[errors.DomainError]]:
    return [found for child in kind.__subclasses__() for found in (child, *every(child))]


@pytest.mark.parametrize("kind", every(errors.DomainError), ids=lambda kind: kind.__name__)
def test_every_refusal_has_words_for_grown_ups_and_children(kind: type[errors.DomainError]):
    plain = kind()
    assert refusal(plain)
    kanji = [letter for letter in refusal(plain, child=True) if "一" <= letter <= "龯"]
    assert set(kanji) <= set("人"), "children read kana"
    assert kind in WORDINGS


def test_facts_make_the_words_precise(now: datetime):
    short = errors.TicketsShort(missing=1, has_plan=True)
    assert refusal(short) == "チケットが足りません（あと1枚）。プランの変更やポイント交換ができます"
    assert (
        refusal(errors.TicketsShort(missing=1, has_plan=False))
        == "予約にはプランへの登録が必要です（閲覧は無料）"
    )
    overlap = errors.ScheduleOverlap(child="ひなた", start_at=now, end_at=now, title="スマイル水泳")
    assert refusal(overlap) == "ひなたさんは同じ時間に別の予約があります（12:00〜12:00 スマイル水泳）"
    age = errors.AgeOutOfRange(age_min=4, age_max=8)
    assert refusal(age) == "対象年齢（4〜8歳）に合っていません"
    assert refusal(age, child=True) == "この クラスは 4さいから 8さい まで"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "あと1秒"),
        (59, "あと59秒"),
        (60, "あと約1分"),
        (61, "あと約2分"),
        (5340, "あと約89分"),
        (5400, "あと約2時間"),
        (7201, "あと約3時間"),
        (86040, "あと約24時間"),
    ],
)
def test_a_wait_is_told_in_the_unit_people_think_in(seconds: int, words: str):
    assert words in refusal(errors.RateLimited(retry_after=seconds))


def test_a_child_who_has_to_wait_is_not_blamed():
    told = login.CHILD_REFUSALS["rate_limited"]
    assert told == "すこし おやすみしてから、もういちど やってみてね"


def test_an_unknown_reason_of_a_field_still_has_words():
    assert field_problem("never heard of")
    assert field_problem("missing") == "入力してください"
