"""Words for refusals (words.md): one wording for guardians and everybody else, one for children."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from naraigoto import clock, errors
from naraigoto.texts.fields import field_problem

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


def _wait(seconds: object) -> str:
    left = int(str(seconds))
    if left < 60:
        return f"あと{left}秒"
    minutes = -(-left // 60)
    return f"あと約{minutes}分" if minutes < 90 else f"あと約{-(-left // 3600)}時間"


def _written(facts: Facts) -> str:
    until, now = facts["editable_until"], facts["now"]
    if not isinstance(until, datetime) or not isinstance(now, datetime) or until <= now:
        return "この予約の口コミは投稿済みです"
    hours = -(-(until - now) // timedelta(hours=1))
    return f"この予約の口コミは投稿済みです。編集できます（あと{hours}時間）"


_REFERRAL = {
    "unknown": "この紹介コードは見つかりません",
    "own": "ご自身のコードは使えません",
    "used": "この紹介コードは使用済みです",
    "expired": "この紹介コードは期限が切れています",
    "not_new": "紹介コードは新規登録の方のみ使えます",
}


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
    errors.FamilyNeeded: Wording("先に家族をつくってください", "おうちの人に おねがいしてね"),
    errors.EmailUnverified: Wording(
        "先にメールアドレスの確認をお願いします。届いたメールのボタンを押してください",
        "おうちの人に メールを みてもらってね",
    ),
    errors.ParentApprovalRequired: Wording("保護者の方の操作が必要です", "おうちの人に おねがいしてね"),
    errors.NotFound: Wording("ページが見つかりません", "ページが みつからないよ"),
    errors.LinkUnusable: Wording(
        "このリンクは使えません。期限が切れたか、すでに使われています", "この リンクは つかえないよ"
    ),
    errors.InvitationExpired: Wording("招待の有効期限が切れています", "この リンクは もう ふるいよ"),
    errors.InvalidInput: Wording("入力した内容を確かめてください", "もういちど たしかめてね"),
    errors.TooLarge: Wording("送られた内容が大きすぎます", "おおきすぎて おくれないよ"),
    errors.Internal: Wording(
        "申し訳ありません。うまく処理できませんでした。少し時間をおいてお試しください",
        "うまく いかなかったよ。すこし まってから もういちど やってみてね",
    ),
    errors.RateLimited: Wording(
        "しばらく時間をおいてお試しください",
        "すこし まってね",
        lambda facts: f"しばらく時間をおいてお試しください（{_wait(facts['retry_after'])}）",
    ),
    errors.EmailTaken: Wording(
        "このメールアドレスは使えません。すでに登録がある場合はログインしてください",
        "この メールは もう つかわれているよ",
    ),
    errors.LinkNeeded: Wording(
        "このメールアドレスはすでに登録されています。今のパスワードを入力すると、ログイン方法を追加できます",
        "おうちの人に きいてね",
    ),
    errors.ReferralInvalid: Wording(
        "この紹介コードは使えません",
        "この コードは つかえないよ",
        lambda facts: _REFERRAL[str(facts["reason"])],
    ),
    errors.FamilyFull: Wording(
        "これ以上は追加できません",
        "もう いっぱいだよ",
        lambda facts: f"{facts['limit']}人まで登録できます",
    ),
    errors.InvitationsOpen: Wording(
        "使われていない招待が残っています。使わないものを取り消してください",
        "しょうたいが いっぱいだよ",
        lambda facts: f"使われていない招待が{facts['limit']}件あります。使わないものを取り消してください",
    ),
    errors.FamilyExists: Wording(
        "すでにご家族に登録されています。別のご家族に入るには、先に今のご家族から抜けてください",
        "もう かぞくに はいっているよ",
    ),
    errors.SchoolNeedsOwner: Wording(
        "教室の管理者がほかにいないため、退会できません。先に別の方へ管理者を引き継いでください",
        "おうちの人に きいてみよう",
    ),
    errors.IdempotencyKeyReused: Wording(
        "同じ受付番号で別の内容が送られました。もう一度お試しください", "もういちど やってみてね"
    ),
    errors.Unavailable: Wording(
        "ただいまつながりにくくなっています。少し時間をおいてお試しください",
        "いま つながりにくいよ。すこし まってね",
    ),
    errors.ProviderAway: Wording(
        "ログインサービスにつながりません。少し時間をおいてお試しください",
        "いま つながりにくいよ。すこし まってね",
    ),
    errors.SearchTooBroad: Wording(
        "検索に時間がかかりすぎました。エリアやジャンルでしぼってお試しください",
        "さがすのに じかんが かかったよ。ばしょや しゅるいを えらんでね",
    ),
    errors.SignatureInvalid: Wording("署名を確認できませんでした", "たしかめられなかったよ"),
    errors.PaymentsAway: Wording(
        "お支払いのページにつながりません。少し時間をおいてお試しください",
        "いま つながりにくいよ。おうちの人に つたえてね",
    ),
    errors.AlreadySubscribed: Wording(
        "すでにプランに登録済みです。プランの変更はお支払いの管理ページからできます",
        "もう プランに はいっているよ",
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
    errors.TooManySavedSearches: Wording(
        "保存できる条件の数を超えています。使わないものを消してください",
        "ほぞんが いっぱいだよ",
        lambda facts: f"保存できる条件は{facts['limit']}件までです。使わないものを消してください",
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
    errors.NotAttendedYet: Wording("受講後に投稿できます", "レッスンを うけたら かけるよ"),
    errors.NotAttended: Wording(
        "出席したレッスンの口コミだけ投稿できます", "でた レッスンの ことだけ かけるよ"
    ),
    errors.ReviewExists: Wording("この予約の口コミは投稿済みです", "もう かいて あるよ", _written),
    errors.ReplyExists: Wording("この口コミには返信済みです", "もう おへんじ して あるよ"),
    errors.ReviewWindowClosed: Wording(
        "口コミを投稿できる期間（受講から30日）を過ぎています", "かける じかんが おわったよ"
    ),
    errors.ReviewEditClosed: Wording(
        "投稿から48時間を過ぎたため、内容を変更できません", "もう かえられないよ"
    ),
    errors.ReviewAnswered: Wording(
        "教室から返信があったため、内容を変更できません", "きょうしつから おへんじが きたから かえられないよ"
    ),
    errors.ReviewUnderReview: Wording("運営が確認した口コミのため、変更できません", "いまは かえられないよ"),
    errors.ReviewsSuspended: Wording(
        "しばらくのあいだ、口コミを投稿できません",
        "いまは かけないよ。おうちの人に きいてみよう",
        lambda facts: f"{_day_and_hour(facts['until'])}まで、口コミを投稿できません",
    ),
    errors.OwnSchool: Wording(
        "ご自身やご家族が運営する教室の口コミは投稿できません", "おうちの人の きょうしつの ことは かけないよ"
    ),
    errors.OwnReview: Wording("ご家族の口コミにはできない操作です", "じぶんの おうちの ことばだよ"),
    errors.OwnSchoolVote: Wording(
        "ご自身の教室の口コミには「参考になった」を押せません", "じぶんの きょうしつの ことばだよ"
    ),
    errors.AppealMade: Wording(
        "異議の申し立ては、判断から14日以内に1回だけできます", "おうちの人に きいてみよう"
    ),
    errors.AlreadyDecided: Wording(
        "ほかの担当者がすでに判断しています。再読み込みしてください", "もういちど ひらいてね"
    ),
    errors.ReviewChanged: Wording(
        "口コミが書き直されています。新しい内容を読んでから、もう一度判断してください",
        "もういちど ひらいてね",
    ),
}


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


__all__ = ["WORDINGS", "Wording", "field_problem", "refusal"]
