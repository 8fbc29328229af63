"""Words of 「操作の記録」 on /admin/operations."""

from collections.abc import Mapping

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
    "family.passed_on": "家族の代表を引き継いだ",
    "outbox.retried": "お知らせを再送した",
    "review.appeal_decided": "口コミの異議に答えた",
    "review.decided": "口コミの通報を判断した",
    "review.hidden": "口コミを非表示にした",
    "roster.seen": "名簿を見た",
}
THINGS = {
    "booking": "予約",
    "family": "家族",
    "outbox_message": "お知らせ",
    "review_child": "子どもの口コミ",
    "review_parent": "保護者の口コミ",
    "school": "教室",
    "user": "利用者",
}
PEOPLE = {"parent": "保護者", "child": "子ども", "school_owner": "教室", "admin": "運営"}
# In the order in which they are read.
_FACTS = {
    "kind": "種類",
    "day": "日付",
    "before": "変更前",
    "after": "変更後",
    "attempts": "試した回数",
    "last_error": "エラー",
    "action": "判断",
    "reports": "通報の数",
    "reason": "理由",
    "granted": "認めた",
    "customer": "前の代表のStripe顧客",
}
_VALUES = {
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
}


def facts(told: Mapping[str, object]) -> str:
    """What a line says beyond its words."""
    known = [name for name in _FACTS if name in told]
    names = known + sorted(set(told) - set(known))
    return "、".join(
        f"{_FACTS.get(name, name)}: {_VALUES.get(str(told[name]), told[name])}" for name in names
    )


def thing(kind: str, number: str) -> str:
    """予約 1a2b3c4d, the last letters of its id."""
    return f"{THINGS.get(kind, kind)} {number[-8:]}"


def only_label(name: str) -> str:
    """The name of a button that shows one person's lines."""
    return f"{name}さんの記録だけを表示"


def shown(who: str) -> str:
    """Whose lines are shown."""
    return f"「{who}」の記録を表示しています"
