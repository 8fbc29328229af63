"""Words of /admin/operations: what was promised, sent and not sent."""

TITLE = "運用"
LEAD = "お知らせの送信と、お支払いの状況"
COUNTS = "送信状況"
DEAD = "送れなかったお知らせ"
DEAD_LEAD = "6回試しても送れなかったか、宛先に断られたものです。原因を直してから再送してください。"
NO_DEAD = "送れなかったお知らせはありません"
NO_DEAD_TEXT = "送信に失敗したものは、時間をおいて自動で送り直しています。"
REFRESH = "更新"
RETRY = "再送"
RETRIED = "もう一度送ります"
UNIT = "件"

KIND = "種類"
CREATED = "作成"
ATTEMPTS = "試した回数"
ERROR = "最後のエラー"
ACTION = "操作"

STATUSES = {
    "queued": "送信待ち",
    "sending": "送信中",
    "sent": "送信済み",
    "dead": "送れなかった",
    "withdrawn": "取りやめ",
}
KINDS = {
    "booking_confirmed": "予約の完了",
    "subscription_started": "プランの開始",
    "subscription_renewed": "プランの更新",
    "payment_failed": "お支払いの失敗",
    "subscription_cancel_scheduled": "解約の受付",
    "subscription_ended": "プランの終了",
    "tickets_low": "チケット残りわずか",
    "tickets_expiring": "チケットの期限",
}


def attempts(count: int) -> str:
    """6回."""
    return f"{count}回"


def retry_label(kind: str, created: str) -> str:
    """The name of one 再送 button."""
    return f"{kind}（{created}）を{RETRY}"
