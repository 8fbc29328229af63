"""Words of /admin/operations about money: Stripe's webhooks and what needs a person's eye."""

from collections.abc import Mapping

WEBHOOKS = "Stripeからの知らせ"
WEBHOOKS_DEAD = "処理できなかった知らせ"
WEBHOOKS_DEAD_LEAD = (
    "8回試しても処理できなかったか、読み取れなかったものです。原因を直してから再処理してください。"
)
NO_WEBHOOKS_DEAD = "処理できなかった知らせはありません"
NO_WEBHOOKS_DEAD_TEXT = "失敗したものは、時間をおいて自動で処理し直しています。"
RECEIVED = "受信"
REPLAY = "再処理"
REPLAYED = "もう一度処理します"
COUNTS = {"waiting": "処理待ち", "done": "処理済み", "dead": "処理できなかった"}

ISSUES = "確認が必要なお支払い"
ISSUES_LEAD = "自動では決められないことです。対応したら、その内容を書いて完了にしてください。"
NO_ISSUES = "確認が必要なお支払いはありません"
NO_ISSUES_TEXT = "毎晩Stripeと照合し、食い違いがあればここに出ます。"
WHAT = "内容"
DETAILS = "くわしく"
FAMILY = "家族"
FOUND = "見つけた日時"
NOTE = "対応した内容"
SETTLE = "完了にする"
SETTLED = "完了にしました"
SETTLE_TITLE = "対応した内容を書く"

KINDS = {
    "ticket_debt": "返金したが、チケットが使用済み",
    "partial_refund": "一部だけ返金された",
    "free_invoice": "0円の請求（チケットは届けていない）",
    "plan_unknown": "どのプランか分からない支払い",
    "second_subscription": "受け付けられない申し込みへの支払い（契約は終了）",
    "subscription_differs": "Stripeにないプラン",
    "invoice_missing": "Stripeにない支払い",
    "balance_wrong": "チケットの残数と履歴の不一致",
}
_FACTS = {
    "tickets": "不足 {value}枚",
    "invoice": "請求 {value}",
    "refunded": "返金 ¥{value:,}",
    "amount": "支払い ¥{value:,}",
    "subscription": "契約 {value}",
    "kept": "二重の申し込み（続く契約 {value}）",
    "closed": "申し込んだ方は退会済み",
    "month": "{value}の分",
    "balance": "残数 {value}枚",
    "explained": "履歴の合計 {value}枚",
}


def details(facts: Mapping[str, object]) -> str:
    """不足 3枚・請求 in_123."""
    return "・".join(
        pattern.format(value=facts[name]) for name, pattern in _FACTS.items() if facts.get(name) is not None
    )


def replay_label(kind: str, received: str) -> str:
    """The name of one 再処理 button."""
    return f"{kind}（{received}）を{REPLAY}"


def settle_label(kind: str, found: str) -> str:
    """The name of one 完了にする button."""
    return f"{kind}（{found}）を{SETTLE}"
