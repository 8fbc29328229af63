"""Words of /tickets: what is left, the plan, what moved, what was paid."""

from datetime import date

from naraigoto.texts import plan_names
from naraigoto.texts.dates import day_label, full_date
from naraigoto.texts.plans import yen

TITLE = "チケット"
HEADING = "チケット"
LEFT = "残り"
UNIT = "枚"
BY_MONTH = "使える期限"
SOON = "もうすぐ期限切れ"
NONE = "使えるチケットはありません"
NONE_TEXT = "プランを選ぶと、毎月チケットが届きます。"
NONE_WITH_PLAN = "次の更新日に、新しいチケットが届きます。"

PLAN = "プラン"
NO_PLAN = "いまのプランはありません"
NO_PLAN_TEXT = "毎月届くチケットで、気になるレッスンを体験できます。"
CHOOSE_PLAN = "プランを選ぶ"
MANAGE = "カードとプランの変更"
FOR_OWNER = "プランとお支払いは、ご家族の代表の方が管理しています。"
CANCEL = "解約"
CANCEL_TITLE = "プランを解約しますか"
CANCEL_NOW = "解約する"
KEEP = "やめておく"
UNDO = "解約を取り消す"
CANCELLED = "解約の手続きを受け付けました"
UNDONE = "解約を取り消しました"
STATUS = {
    "active": "ご利用中",
    "on_hold": "お支払い確認中",
    "canceled": "終了",
    "incomplete": "手続き中",
    "incomplete_expired": "終了",
}

HISTORY = "チケット履歴"
NO_HISTORY = "チケットを使うと、ここに残ります"
REASONS = {
    "grant": "プランのチケットが届きました",
    "spend": "レッスンの予約に使いました",
    "refund": "予約の取り消しでもどりました",
    "expire": "期限が切れました",
    "adjust": "運営が調整しました",
    "redeem": "ポイントと交換しました",
    "revoke": "返金のため取り消しました",
}
OTHER_REASON = "チケットが動きました"
SEE_BOOKING = "予約を見る"

PAYMENTS = "お支払いの記録"
NO_PAYMENTS = "お支払いはまだありません"
RECEIPT = "領収書"
KINDS = {"first": "はじめてのお支払い", "renewal": "毎月のお支払い", "upgrade": "プラン変更の差額"}
OTHER_KIND = "お支払い"
PAYMENT_STATES = {
    "open": "お支払い待ち",
    "paid": "お支払い済み",
    "failed": "お支払いできませんでした",
    "refunded": "返金済み",
    "void": "取り消し",
}

ON_HOLD = (
    "お支払いを確認できませんでした。カードの変更をお願いします。届いているチケットは、そのまま使えます。"
)
ON_HOLD_OTHERS = "お支払いを確認できませんでした。ご家族の代表の方にお知らせください。届いているチケットは、そのまま使えます。"
ON_HOLD_ACTION = "カードを変更する"
CONFIRMING = "お支払いを確認しています。確認できると、チケットが届きます。"


def ending(day: date | None, left: int) -> str:
    """The plan ends with its period."""
    when = f"{full_date(day)}で" if day else "期間の終わりで"
    rest = f"残りのチケット{left}枚は、それぞれの期限まで使えます。" if left else ""
    return f"{when}プランが終わります。それまでは取り消せます。{rest}"


def expiring(count: int, day: date | None) -> str:
    """もうすぐ期限切れ: 2枚（11/30(月)まで）."""
    until = f"（{day_label(day)}まで）" if day else ""
    return f"{SOON}: {count}枚{until}"


def ended(count: int, day: date | None) -> str:
    """残チケット2枚（2026年1月31日まで）."""
    until = f"（{full_date(day)}まで）" if day else ""
    return f"プランは終了しました。残チケット{count}枚{until}は、そのまま使えます。"


def month(day: date) -> str:
    """11月分."""
    return f"{day.month}月分"


def until(day: date) -> str:
    """2026年12月31日まで."""
    return f"{full_date(day)}まで"


def count(number: int) -> str:
    """4枚."""
    return f"{number}枚"


def moved(delta: int) -> str:
    """+4枚, −1枚."""
    return f"{'+' if delta > 0 else '−'}{abs(delta)}枚"


def plan_line(amount: int, tickets: int) -> str:
    """毎月¥6,980・チケット4枚."""
    return f"毎月{yen(amount)}・チケット{tickets}枚"


def renews(day: date | None) -> str:
    """次の更新日: 2026年12月24日."""
    return f"次の更新日: {full_date(day)}" if day else ""


def next_plan(plan: str) -> str:
    """次の更新日から、ライトプランに変わります."""
    return f"次の更新日から、{plan_names.name(plan)}プランに変わります"


def cancel_text(day: date | None, *, on_hold: bool = False, pending: int = 0) -> str:
    """What cancelling means, before it is done; a payment on hold does not go away with it."""
    end = f"{full_date(day)}まで" if day else "いまの期間の終わりまで"
    amount = f"（{yen(pending)}）" if pending else ""
    tried = f"確認中のお支払い{amount}は引き続きお試しします。" if on_hold else ""
    return (
        f"{end}はそのまま利用でき、次回からのお支払いはありません。{tried}それまでは、いつでも取り消せます。"
        "残ったチケットと、もう入っている予約はなくなりません。"
    )


def payment_name(kind: str, plan: str) -> str:
    """毎月のお支払い（スタンダード）."""
    name = plan_names.name(plan)
    return KINDS.get(kind, OTHER_KIND) + (f"（{name}）" if name else "")


def receipt_of(day: str, what: str) -> str:
    """What the link to a receipt is called for ears."""
    return f"{day} {what}の領収書"
