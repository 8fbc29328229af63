"""Words of /admin/operations: what was promised, sent and not sent."""

TITLE = "運用"
LEAD = "お知らせの送信、お支払いの状況、操作の記録"
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
    "booking_cancelled": "予約のキャンセル",
    "email_verification": "アドレスの確認",
    "signup_attempted": "登録済みの知らせ",
    "password_reset": "パスワードの再設定",
    "password_changed": "パスワードの変更",
    "email_change": "新アドレスの確認",
    "email_changed": "アドレス変更の受付",
    "family_passed_on": "家族の代表の引き継ぎ",
    "account_closed": "退会の完了",
    "guardian_joined": "保護者の参加",
    "review_posted": "口コミの到着",
    "review_replied": "口コミへの返信",
    "report_decided": "口コミの確認結果",
    "appeal_decided": "口コミの異議への回答",
    "points_earned": "ポイントの到着",
    "booking_rescheduled": "予約の日時の変更",
    "schedule_cancelled": "休講",
    "schedule_moved": "教室による日時の変更",
    "instructor_replaced": "先生の変更",
    "waitlist_offer": "空席の案内",
    "waitlist_open": "空席の案内（先着順）",
    "waitlist_moved": "キャンセル待ちの日時の変更",
    "subscription_started": "プランの開始",
    "subscription_renewed": "プランの更新",
    "payment_failed": "お支払いの失敗",
    "subscription_cancel_scheduled": "解約の受付",
    "subscription_ended": "プランの終了",
    "tickets_low": "チケット残りわずか",
    "tickets_expiring": "チケットの期限",
    "saved_search_digest": "保存した条件の新しい枠",
}


def attempts(count: int) -> str:
    """6回."""
    return f"{count}回"


def retry_label(kind: str, created: str) -> str:
    """The name of one 再送 button."""
    return f"{kind}（{created}）を{RETRY}"
