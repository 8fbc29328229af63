"""Words of the practice Stripe below /dev/stripe; its pages are templates beside the sandbox."""

CARDS = {
    "ok": "使えるカード",
    "declined": "断られるカード",
    "fails_later": "今回は使えて、次の更新で断られるカード",
    "asks": "カード会社が本人確認をするカード（1回目だけ）",
    "asks_always": "カード会社が毎回本人確認をするカード",
}
STATUS = {
    "incomplete": "手続き中",
    "active": "有効",
    "past_due": "お支払い待ち",
    "canceled": "終了",
}
INVOICE_STATUS = {"open": "未払い", "paid": "お支払い済み"}
REASONS = {
    "subscription_create": "はじめてのお支払い",
    "subscription_cycle": "毎月のお支払い",
    "subscription_update": "プラン変更の差額",
}
DELIVERY_STATES = {
    "waiting": "送信待ち",
    "held": "保留中",
    "done": "届きました",
    "given_up": "あきらめました",
}
AWAY = "練習用のStripeが動いていません。make run を実行し直してください"
DECLINED = "カードが使えませんでした。別のカードを選んでください"
CHOOSE_CARD = "カードを選んでください"
CHOOSE_PLAN = "プランを選んでください"
NOT_CONFIRMED = "本人確認が終わらなかったため、お支払いはまだです"
BAD_MOMENT = "いまより後の日時を入れてください"
SAID = {
    "card": "カードを変更しました",
    "paid": "お支払いが完了しました",
    "upgraded": "プランを変更しました",
    "downgraded": "次の更新日からプランが変わります",
    "kept": "プラン変更の予約を取り消しました",
    "cancelled": "解約の手続きをしました。期間の終わりまで利用できます",
    "resumed": "解約を取り消しました",
    "travelled": "時計を進めました",
    "refunded": "返金しました",
    "switched": "切り替えました",
    "sent": "送信待ちに戻しました",
}


def yen(amount: int) -> str:
    """An amount of money."""
    return f"¥{amount:,}" if amount >= 0 else f"-¥{-amount:,}"
