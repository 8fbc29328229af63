"""Words of 「操作の記録」 on /admin/operations."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from naraigoto.texts import dates, money_operations, outbox

TITLE = "操作の記録"
LEAD = "教室と運営、本人が行った操作です。書きかえることはできません。"
WHO = "名前かメールアドレス"
FIND = "しぼりこむ"
EVERYBODY = "全員を表示"
NONE = "記録はありません"
NONE_YET = "教室が名簿を見たり、出席を記録したりすると、ここに並びます。"
NONE_TEXT = "名前かメールアドレスが、登録と同じか確かめてください。"
AT = "日時"
ACTOR = "だれが"
ACTION = "何をした"
THING = "対象"
FACTS = "内容"
SYSTEM = "自動"

ACTIONS = {
    "account.closed": "退会した",
    "account.erased": "個人データを消した",
    "account.exported": "データをダウンロードした",
    "account.renamed": "表示名を変えた",
    "account.reopened": "退会を取り消した",
    "attendance.corrected": "出席を直した",
    "attendance.recorded": "出席を記録した",
    "billing.issue_settled": "お支払いの確認を完了にした",
    "booking.cancelled": "予約をキャンセルした",
    "booking.change_accepted": "教室の変更を承諾した",
    "booking.instructor_replaced": "予約の先生を変えた",
    "booking.moved": "教室が予約の日時を変えた",
    "booking.rescheduled": "予約の日時を変えた",
    "family.passed_on": "家族の代表を引き継いだ",
    "outbox.retried": "お知らせを再送した",
    "review.appeal_decided": "口コミの異議に答えた",
    "review.decided": "口コミの通報を判断した",
    "review.hidden": "口コミを非表示にした",
    "roster.seen": "名簿を見た",
    "schedule.cancelled": "休講にした",
    "schedule.instructor_replaced": "枠の先生を変えた",
    "schedule.moved": "枠の日時を変えた",
    "tickets.adjusted": "チケットを調整した",
    "webhook.replayed": "Stripeの通知を処理し直した",
}
THINGS = {
    "billing_issue": "お支払いの確認",
    "booking": "予約",
    "family": "家族",
    "outbox_message": "お知らせ",
    "review_child": "子どもの口コミ",
    "review_parent": "保護者の口コミ",
    "schedule": "枠",
    "school": "教室",
    "user": "利用者",
    "webhook_event": "Stripeの通知",
}
PEOPLE = {"parent": "保護者", "child": "子ども", "school_owner": "教室", "admin": "運営"}
# In the order in which they are read.
_FACTS = {
    "kind": "種類",
    "type": "種類",
    "day": "日付",
    "delta": "チケット",
    "question": "変更",
    "before": "変更前",
    "after": "変更後",
    "attempts": "試した回数",
    "last_error": "エラー",
    "action": "判断",
    "reports": "通報の数",
    "reason": "理由",
    "granted": "認めた",
    "customer": "前の代表のStripe顧客",
    "note": "メモ",
}
_VALUES = {
    "": "なし",
    "in_time": "期限内",
    "grace": "予約の直後",
    "late": "期限後",
    "courtesy": "体調不良",
    "school": "教室の都合",
    "admin": "運営",
    "moved": "日時",
    "instructor": "先生",
    "reserved": "予約",
    "attended": "出席",
    "absent": "欠席",
    "published": "公開",
    "held": "確認待ち",
    "hidden": "非表示",
    "removed": "削除",
    "deleted": "本人が削除",
    "dismiss": "問題なし",
    "hide": "非表示にする",
    "remove": "削除する",
    "warn": "注意する",
    "suspend": "投稿を止める",
    "personal_data": "個人情報",
    "defamation": "誹謗中傷",
    "false": "虚偽",
    "advertising": "宣伝",
    "child_safety": "児童の安全",
    "other": "その他",
    "True": "はい",
    "False": "いいえ",
    **outbox.KINDS,
    **money_operations.KINDS,
}


def facts(told: Mapping[str, object]) -> str:
    """What a line says beyond its words."""
    known = [name for name in _FACTS if name in told]
    names = known + sorted(set(told) - set(known))
    return "、".join(f"{_FACTS.get(name, name)}: {_value(name, told[name])}" for name in names)


def _value(name: str, value: object) -> str:
    if name == "delta":
        return f"{value:+}枚"
    written = str(value)
    if name == "note":  # in somebody's own words
        return written
    if written in _VALUES:
        return _VALUES[written]
    for read in _READERS.get(name, ()):
        try:
            return read(written)
        except ValueError:
            continue
    return written


def _number(written: str) -> str:
    return str(UUID(written))[-8:]


def _day(written: str) -> str:
    return dates.day_label(date.fromisoformat(written))


def _moment(written: str) -> str:
    return dates.moment_label(datetime.fromisoformat(written))


_READERS = {"before": (_number, _moment), "after": (_number, _moment), "day": (_day,)}


def thing(kind: str, number: str) -> str:
    """予約 1a2b3c4d, the last letters of its id."""
    return f"{THINGS.get(kind, kind)} {number[-8:]}"


def only_label(name: str) -> str:
    """The name of a button that shows one person's lines."""
    return f"{name}さんの記録だけを表示"


def shown(who: str) -> str:
    """Whose lines are shown."""
    return f"「{who}」の記録を表示しています"
