"""Words of /dev/mailbox (never in production)."""

TITLE = "受信箱（開発用）"
LEAD = "この環境から送られたメールは、外には出ずにここへ届きます。"
REFRESH = "更新"
TO = "宛先"
AT = "日時"
BACK = "一覧に戻る"
VIEWS = (("html", "HTML"), ("text", "テキスト"))
VIEW = "表示の切り替え"
FRAME = "メールの本文"
EMPTY = "メールはまだありません"
EMPTY_TEXT = "予約すると、数秒で確認メールがここに届きます。"
