"""Words for refusals (words.md): one wording for guardians and everybody else, one for children."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from naraigoto import clock, errors

Facts = Mapping[str, object]


class Wording(NamedTuple):
    """How a refusal sounds; `precise` says more when the facts it needs are there."""

    adult: str
    child: str
    precise: Callable[[Facts], str] | None = None
    precise_child: Callable[[Facts], str] | None = None


def _hour(moment: object) -> str:
    return f"{clock.jst(moment):%H:%M}" if isinstance(moment, datetime) else str(moment)


def _day_and_hour(moment: object) -> str:
    if not isinstance(moment, datetime):
        return str(moment)
    local = clock.jst(moment)
    return f"{local.month}/{local.day} {local:%H:%M}"


def _tickets_short(facts: Facts) -> str:
    if not facts["has_plan"]:
        return "予約にはプランへの登録が必要です（閲覧は無料）"
    return f"チケットが足りません（あと{facts['missing']}枚）。プランの変更やポイント交換ができます"


def _overlap(facts: Facts) -> str:
    hours = f"{_hour(facts['start_at'])}〜{_hour(facts['end_at'])}"
    return f"{facts['child']}さんは同じ時間に別の予約があります（{hours} {facts['title']}）"


def _not_active(facts: Facts) -> str:
    if facts["status"] == "cancelled":
        return "この予約はキャンセルされています"
    return "出欠が記録されているため、この予約は変更できません"


WORDINGS: dict[type[errors.DomainError], Wording] = {
    errors.Unauthenticated: Wording("ログインが必要です", "ログインしてね"),
    errors.CredentialsWrong: Wording(
        "ログインできませんでした。入力した内容を確かめてください",
        "ログインできなかったよ。もういちど たしかめてね",
    ),
    errors.Forbidden: Wording("この操作はできません", "これは できないよ"),
    errors.ParentApprovalRequired: Wording("保護者の方の操作が必要です", "おうちの人に おねがいしてね"),
    errors.NotFound: Wording("ページが見つかりません", "ページが みつからないよ"),
    errors.InvalidInput: Wording("入力した内容を確かめてください", "もういちど たしかめてね"),
    errors.TooLarge: Wording("送られた内容が大きすぎます", "おおきすぎて おくれないよ"),
    errors.Internal: Wording(
        "申し訳ありません。うまく処理できませんでした。少し時間をおいてお試しください",
        "うまく いかなかったよ。すこし まってから もういちど やってみてね",
    ),
    errors.IdempotencyKeyReused: Wording(
        "同じ受付番号で別の内容が送られました。もう一度お試しください", "もういちど やってみてね"
    ),
    errors.Unavailable: Wording(
        "ただいまつながりにくくなっています。少し時間をおいてお試しください",
        "いま つながりにくいよ。すこし まってね",
    ),
    errors.SearchTooBroad: Wording(
        "検索に時間がかかりすぎました。エリアやジャンルでしぼってお試しください",
        "さがすのに じかんが かかったよ。ばしょや しゅるいを えらんでね",
    ),
    errors.SchoolNotPublished: Wording(
        "この教室は現在予約を受け付けていません", "いまは よやくできない きょうしつだよ"
    ),
    errors.BookingDeadlinePassed: Wording("受付は終了しました", "うけつけは おわったよ"),
    errors.ScheduleFull: Wording(
        "満席です。キャンセル待ちに登録できます", "いまは いっぱい。あくのを まつ？"
    ),
    errors.WaitlistFull: Wording(
        "キャンセル待ちもいっぱいです。ほかの日時をご覧ください", "まっている人も いっぱいだよ"
    ),
    errors.SeatsAgain: Wording(
        "いまは空きがあります。キャンセル待ちをせずに予約できます", "いまは あいているよ"
    ),
    errors.ScheduleConflict: Wording(
        "同じ時間に、同じ先生かクラスの別の枠があります", "その じかんは つかえないよ"
    ),
    errors.AlreadyBooked: Wording("すでに予約済みです", "もう よやくしているよ"),
    errors.ScheduleOverlap: Wording(
        "同じ時間に別の予約があります", "おなじ じかんに べつの よやくが あるよ", _overlap
    ),
    errors.AgeOutOfRange: Wording(
        "対象年齢に合っていません",
        "この クラスの ねんれいと ちがうみたい",
        lambda facts: f"対象年齢（{facts['age_min']}〜{facts['age_max']}歳）に合っていません",
        lambda facts: f"この クラスは {facts['age_min']}さいから {facts['age_max']}さい まで",
    ),
    errors.TooManyBookings: Wording(
        "同時に持てる予約の数を超えています",
        "よやくが いっぱいに なっているよ",
        lambda facts: f"同時に持てる予約は{facts['limit']}件までです",
    ),
    errors.SubscriptionOnHold: Wording(
        "お支払いを確認しています。確認が終わるまでチケットを使えません", "おうちの人に きいてみよう"
    ),
    errors.TicketsShort: Wording(
        "チケットが足りません", "チケットが たりないみたい。おうちの人に きいてみよう", _tickets_short
    ),
    errors.StaleEdit: Wording("内容が更新されました。再読み込みしてください", "もういちど ひらいてね"),
    errors.BookingNotActive: Wording(
        "この予約はキャンセルされています", "この よやくは なくなっているよ", _not_active
    ),
    errors.CancelDeadlinePassed: Wording(
        "レッスンが始まったため、キャンセルできません", "レッスンが はじまったから やめられないよ"
    ),
    errors.TooLateToMove: Wording(
        "無料キャンセルの期限を過ぎたため、日時を変更できません",
        "おうちの人に きいてみよう",
        lambda facts: (
            f"無料キャンセルの期限（{_day_and_hour(facts['deadline'])}）を過ぎたため、日時を変更できません"
        ),
    ),
    errors.LessonBegun: Wording(
        "レッスンが始まったため、変更できません", "レッスンが はじまったから かえられないよ"
    ),
    errors.CourtesyUsed: Wording(
        "体調不良キャンセルは、お子さまごとに30日に1回までです",
        "おうちの人に きいてみよう",
        lambda facts: (
            f"体調不良キャンセルは、お子さまごとに30日に1回までです（次は{_day_and_hour(facts['again_at'])}から）"
        ),
    ),
    errors.AlreadyRecorded: Wording("出席の記録はもう変更できません", "きろくは もう かえられないよ"),
    errors.LessonNotFinished: Wording(
        "レッスンが始まる前です",
        "レッスンを うけたら できるよ",
        lambda facts: f"まだ早いようです（{_day_and_hour(facts['opens_at'])}から）",
    ),
}

_FIELDS = {
    "missing": "入力してください",
    "required": "入力してください",
    "blank": "入力してください",
    "string_too_short": "短すぎます",
    "string_too_long": "長すぎます",
    "too_short": "短すぎます",
    "too_long": "長すぎます",
    "email": "メールアドレスの形が正しくありません",
    "taken": "すでに使われています",
    "uuid_parsing": "番号の形が正しくありません",
    "int_parsing": "数字で入力してください",
    "enum": "選べない値です",
    "literal_error": "選べない値です",
    "invalid": "読み取れない値です",
    "out_of_range": "範囲の外です",
    "unknown": "見つかりません",
    "cursor": "続きの位置を読み取れません。最初から読み込んでください",
    "extra_forbidden": "使えない項目です",
    "json_invalid": "JSONとして読めません",
    "instructor": "この枠では選べない先生です",
    "idempotency_key": "255文字までの半角英数字と記号で指定してください",
    "moment": "日付（2026-12-05）か、時差つきの日時で指定してください",
}
_FIELD_OTHERWISE = "入力した内容を確かめてください"


def refusal(error: errors.DomainError, *, child: bool = False) -> str:
    """What the person reads; with the facts where they are known."""
    words = WORDINGS[type(error)]
    precise, plain = (words.precise_child, words.child) if child else (words.precise, words.adult)
    if precise is None:
        return plain
    try:
        return precise(error.facts)
    except KeyError:
        return plain


def field_problem(key: str) -> str:
    """What is wrong with one field, by the short reason key."""
    return _FIELDS.get(key, _FIELD_OTHERWISE)
