"""Words of /plans, the 「最終確認」 page (D4: 特商法12条の6) and the page after paying."""

from datetime import date
from typing import NamedTuple

from naraigoto.rules import PLANS
from naraigoto.texts import plan_names
from naraigoto.texts.dates import full_date

TITLE = "料金プラン"
HEADING = "料金プラン"
DESCRIPTION = "毎月届くチケットで、いろいろな習い事を体験できます。料金はチケットの枚数で選べます。"
LEAD = "毎月届くチケットで、気になるレッスンを体験できます。教室さがしと口コミは無料です。"
PER_MONTH = "／月"
TAX = "税込"
CURRENT = "いまのプラン"
CHOOSE = "このプランにする"
TO_TICKETS = "チケットのページへ"
RETURNED = "お申し込みはまだ完了していません。お支払いもされていません。"
FOR_OWNER = "プランのお申し込みは、ご家族の代表の方ができます。"
FOR_CHILD = "プランは おうちの人が えらぶよ"
FOR_STAFF = "プランは、保護者の方のアカウントでお申し込みいただけます。"
SUBSCRIBED = "プランの変更は「チケット」のページからできます。"
QUESTIONS = "よくある質問"
_MOODS = {
    "light": "月に2回ほど、気になるものから",
    "standard": "週に1回ほど、いろいろ試したい",
    "family": "きょうだいで、たっぷり体験",
}
ANSWERS = (
    (
        "チケットはいつまで使えますか",
        "届いた月の、次の月の終わりまで使えます。期限の前に予約すれば、レッスンが期限のあとでもだいじょうぶです。",
    ),
    ("1回のレッスンで何枚使いますか", "多くは1枚です。2枚以上使うレッスンは、予約の前に枚数が出ます。"),
    ("きょうだいで分けられますか", "はい。チケットは家族みんなで使えます。"),
    (
        "プランは変えられますか",
        "枚数の多いプランにはすぐに変わり、差額は日割りでお支払いいただき、差の枚数がすぐ届きます。"
        "枚数の少ないプランには次の更新日から変わります。",
    ),
    (
        "解約はかんたんですか",
        "「チケット」のページから、いつでもできます。更新日まではそのままで、残ったチケットは期限まで使えます。",
    ),
)

CONFIRM_TITLE = "最終確認"
CONFIRM_LEAD = "お申し込みの内容を、もう一度ご確認ください。"
PAGE_VERSION = "2026-11-24"  # what a family agreed to; a new one with every change of the words below
NEXT_STEP = "次の画面（Stripe）でカードの情報を入力します。お支払いが終わるまで、料金はかかりません。"
LEGAL = (("/legal/tokushoho", "特定商取引法に基づく表記"), ("/legal/terms", "利用規約"))
CHOOSE_AGAIN = "プランを選び直す"
TO_MANAGE = "いまのプランを見る"

DONE_TITLE = "お申し込み"
WAITING = "お支払いを確認しています…"
WAITING_TEXT = "このままお待ちください。確認できると、この画面が自動で変わります。"
SLOW = "確認に時間がかかっています"
SLOW_TEXT = "この画面を閉じてもだいじょうぶです。確認できたら、メールでお知らせします。"
NOT_ORDERED = "お申し込みは完了していません"
NOT_ORDERED_TEXT = "お支払いの画面が閉じられたか、期限が切れました。料金はかかっていません。"
ARRIVED_TEXT = "さっそく、気になるレッスンを体験してみましょう。"
TO_SEARCH = "教室をさがす"
SEE_TICKETS = "チケットを見る"
TO_PLANS = "プランを選ぶ"


class PlanWords(NamedTuple):
    """A plan as its card says it."""

    id: str
    name: str
    mood: str
    tickets: str
    price: str
    each: str
    href: str


def cards() -> list[PlanWords]:
    """The plans of D1, smallest first."""
    return [
        PlanWords(
            plan.id,
            plan_names.name(plan.id),
            _MOODS[plan.id],
            f"毎月{plan.tickets_per_month}枚",
            yen(plan.amount),
            f"1枚あたり{yen(plan.amount // plan.tickets_per_month)}",
            f"/plans/confirm?plan={plan.id}",
        )
        for plan in PLANS.values()
    ]


def yen(amount: int) -> str:
    """¥6,980."""
    return f"¥{amount:,}"


def arrived(count: int) -> str:
    """チケットが4枚とどきました."""
    return f"チケットが{count}枚とどきました"


def apply(amount: int) -> str:
    """この内容で申し込む（毎月¥6,980）."""
    return f"この内容で申し込む（毎月{yen(amount)}）"


def confirm_items(
    plan: str, tickets: int, amount: int, *, renews: date, usable_until: date
) -> list[tuple[str, str]]:
    """The six items the law asks for, in its order."""
    return [
        (
            "申し込む内容",
            f"{plan_names.name(plan)}プラン。毎月チケット{tickets}枚。期間の定めはなく、解約されるまで毎月自動で"
            f"更新します（1年つづけるとチケット{tickets * 12}枚）。",
        ),
        (
            "料金",
            f"毎月{yen(amount)}（税込）。1年つづけると{yen(amount * 12)}（税込）です。入会金はありません。",
        ),
        (
            "お支払いの時期と方法",
            "クレジットカードでお支払いいただきます。1回目はお申し込みのとき、2回目からは毎月同じ日（その日がない月は"
            f"月の終わりの日）に自動でお支払いになります。次回は{full_date(renews)}ごろです。",
        ),
        (
            "チケットのお届け",
            "お支払いを確認でき次第、すぐに届きます。2回目からも、毎月のお支払いのあとすぐに届きます。"
            f"今回のチケットは{full_date(usable_until)}まで使えます。",
        ),
        ("申し込みの期限", "期限はありません。この内容で、いつでもお申し込みいただけます。"),
        (
            "解約と返金",
            "「チケット」のページの「解約」から、いつでも手続きできます。次の更新日の前日までに手続きすると、"
            "次回からのお支払いはありません。すでにお支払いの料金は、日割りでも返金しません。"
            "残ったチケットは期限まで使えます。",
        ),
    ]
