"""Words of what becomes of a booking: cancelled, moved, asked about, told as a story, checked in."""

from datetime import datetime
from typing import Any

from naraigoto import clock
from naraigoto.texts.dates import moment_label

ACTIONS = "予約の変更"
CANCEL = "予約をキャンセル"
RESCHEDULE = "日時を変更"

CANCEL_TITLE = "予約をキャンセルしますか"
CANCEL_YES = "キャンセルする"
CANCEL_NO = "予約を残す"
REASON = "キャンセルの理由"
REASON_PLANS = "予定が変わった"
REASON_SICKNESS = "体調不良"
SICKNESS_TEXT = "チケットがもどります（お子さまごとに30日に1回）"
LATE_RETURN = "キャンセル待ちの方がこの席を予約されたときは、チケットがもどります。"

RESCHEDULE_TITLE = "別の日時を選ぶ"
RESCHEDULE_TEXT = "同じクラスの空いている日時です。チケットはそのまま使われます。"
RESCHEDULE_YES = "この日時に変更する"
RESCHEDULE_NONE = "いま変更できる日時はありません。"
CHOOSE_SLOT = "日時を選んでください"
RESCHEDULED = "予約の日時を変更しました"

MOVED_TITLE = "教室の都合で日時が変わりました"
INSTRUCTOR_TITLE = "教室の都合で先生が変わりました"
ACCEPT = "このまま受ける"
DECLINE = "無料でキャンセル"
ACCEPTED = "ありがとうございます。予約はそのまま続きます"

FREE_UNTIL = "無料キャンセル"
STORY = "これまでの経過"
OTHER = "予約に変更がありました"
BY_OFFICE = "事務局"
BY_SCHOOL = "教室"
BY_NOBODY = ""

QR = "受付用のQRコード"
QR_TEXT = "教室の入口で見せてください。読み取ると出席になります。"
QR_ALT = "受付用のQRコード"

_KINDS = {
    "in_time": "キャンセルしました",
    "grace": "キャンセルしました（予約から30分以内）",
    "late": "キャンセルしました（期限後）",
    "courtesy": "体調不良でキャンセルしました",
    "school": "教室の都合でキャンセルになりました",
    "admin": "事務局がキャンセルしました",
}
_ATTENDANCE = {"attended": "出席", "absent": "欠席", "reserved": "予約済み"}
_TICKETS = {"spend": "チケットを使いました", "refund": "チケットがもどりました"}


def returned(tickets: int) -> str:
    """What is said after a cancellation."""
    if tickets:
        return f"キャンセルしました。チケット{tickets}枚がもどりました"
    return "キャンセルしました。チケットは使用済みになりました"


def free_headline(tickets: int) -> str:
    """The dialog's answer while cancelling is free."""
    return f"無料でキャンセルできます。チケット{tickets}枚がもどります。"


def late_headline(deadline: datetime) -> str:
    """無料キャンセルの期限（12/4(金) 20:00）を過ぎています."""
    return f"無料キャンセルの期限（{moment_label(deadline)}）を過ぎています"


def late_text(tickets: int) -> str:
    """What a late cancellation costs."""
    return f"チケット{tickets}枚は使用済みになり、もどりません。"


def until(deadline: datetime) -> str:
    """12/4(金) 20:00まで."""
    return f"{moment_label(deadline)}まで"


def courtesy_again(again_at: datetime) -> str:
    """Why illness brings nothing back this time."""
    return f"体調不良キャンセルは使用済みです（次は{moment_label(again_at)}から）"


def seats(left: int) -> str:
    """残り3席."""
    return f"残り{left}席"


def answer_by(deadline: datetime) -> str:
    """Until when the school's question can be answered."""
    return f"{moment_label(deadline)}まで、無料でキャンセルできます。"


def event(name: str, facts: dict[str, Any]) -> str:
    """One line of the story in words."""
    known = {
        "booking.created": "予約しました",
        "waitlist.offered": "キャンセル待ちの席をご案内しました",
        "booking.change_accepted": "変更を承諾しました",
        "booking.instructor_replaced": "先生が変わりました",
    }
    if name in known:
        return known[name]
    kind = name.partition(".")[2]
    if name == "booking.cancelled":
        return _KINDS[facts["kind"]]
    if name in ("booking.moved", "booking.rescheduled"):
        whose = "教室が日時を変更しました" if kind == "moved" else "日時を変更しました"
        return f"{whose}（{_moment(facts['before'])} → {_moment(facts['after'])}）"
    if name.startswith("attendance."):
        words = _ATTENDANCE.get(str(facts.get("after")), "")
        return f"{words}を記録しました" if kind == "recorded" else f"出欠を{words}に直しました"
    if name.startswith("tickets."):
        return f"{_TICKETS.get(kind, 'チケットが動きました')}（{facts['delta']:+d}枚）"
    return OTHER


def _moment(written: str) -> str:
    return moment_label(clock.jst(datetime.fromisoformat(written)))
