"""Words of the export: the letter inside the ZIP, and what each of its files holds."""

from collections.abc import Iterable
from datetime import datetime

from naraigoto.texts import ui

# What stands where the name of a person stood who has left.
ERASED_NAME = "退会した利用者"

LETTER = "はじめにお読みください.txt"
PARTS = {
    "people": "あなたと（保護者の代表の方は）お子さまの名前・メールアドレス・登録日",
    "sign_ins": "ログインの方法（パスワードそのものは含みません）",
    "devices": "ログインしている端末の履歴",
    "consents": "同意した文書と、その版・日時",
    "notification_settings": "お知らせメールの設定",
    "family": "ご家族の登録内容",
    "children": "お子さまのプロフィール（生まれた年と月、興味のあること）",
    "co_guardians": "いっしょに利用する保護者の登録",
    "invitations": "保護者の招待",
    "school_roles": "教室での役割",
    "bookings": "予約",
    "attendances": "出席の記録",
    "reviews_parent": "保護者の口コミ",
    "reviews_child": "子どもの口コミ",
    "review_images": "口コミの写真の保管名",
    "review_appeals": "口コミの判断への異議",
    "review_votes": "「役に立った」をつけた口コミ",
    "review_replies": "口コミへの返信（教室の方）",
    "reports": "通報",
    "likes": "いいね",
    "saved_searches": "保存した検索条件",
    "calendar": "カレンダー連携の記録（秘密のアドレスは含みません）",
    "requests": "「行きたい！」のおねがい",
    "waitlist": "キャンセル待ち",
    "conversations": "教室とのやりとり",
    "messages": "メッセージの本文",
    "message_reads": "メッセージをどこまで読んだか",
    "tickets": "チケットの残り",
    "ticket_entries": "チケットの増減",
    "points": "ポイントの増減",
    "plans": "プランの契約",
    "orders": "プランの申し込み（確認した内容の版と日時）",
    "payments": "お支払いの記録",
    "referrals": "紹介コード",
    "uploads": "送った画像の記録",
    "mails": "お送りしたお知らせ",
    "audit": "操作の記録（教室や運営がご家族の情報を見た・変えた記録を含みます）",
}


def letter(moment: datetime, parts: Iterable[str]) -> str:
    """What the reader of the ZIP should know, in the order of its files."""
    lines = [
        f"{ui.BRAND}に保存されている、あなたのデータです。",
        f"作成: {moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}（日本時間）",
        "",
        "naraigoto.json … すべてを1つにまとめたもの（別のサービスへ移すときに）",
        "csv フォルダー … 同じ内容を表にしたもの（ExcelやNumbersで開けます）",
        "",
        "このファイルには個人情報が入っています。人に渡さず、安全な場所に保管してください。",
        "CSVで = や + などから始まる文字の前には、表計算ソフトが式とまちがえないよう ' を付けています。",
        "",
        *(f"{part} … {PARTS[part]}" for part in parts),
    ]
    return "\r\n".join(lines) + "\r\n"
