"""Words of the school's day: roster and attendance."""

from datetime import date, datetime

from naraigoto.texts.dates import time_label
from naraigoto.texts.ui import WEEKDAYS

TITLE = "名簿"
TITLE_TODAY = "今日の名簿"
LEAD = "予約の入ったお子さまと出席の記録"
SCHOOLS = "教室を選ぶ"
DAY = "日付を選ぶ"
PREVIOUS = "前の日"
NEXT = "次の日"
TODAY = "今日"
TEACHER = "先生"
ANY_TEACHER = "おまかせ"
NO_CHILDREN = "この枠の予約はまだありません"

MARK_ATTENDED = "出席にする"
MARK_ABSENT = "欠席にする"
ATTENDED = "出席"
ABSENT = "欠席"
EXPECTED = "予約済み"
CLOSED = "記録できる期間（7日間）が終わりました"

EMPTY = "この日のレッスンはありません"
EMPTY_TEXT = "前後の日を見るには、上の矢印を押してください。"

CHANGE = "枠の変更"
MOVE = "日時を変更"
TEACH = "先生を変更"
CANCEL_SLOT = "休講にする"
MOVE_TITLE = "日時を変更する"
TEACH_TITLE = "先生を変更する"
CANCEL_TITLE = "このレッスンを休講にする"
MOVE_TEXT = "予約している保護者にメールで知らせ、24時間以内に返事をもらいます。長さは変わりません。"
TEACH_TEXT = "先生を選んで予約した保護者には、無料でキャンセルできることをメールで知らせます。"
CANCEL_TEXT = "予約はすべてキャンセルになり、チケットは保護者にもどります。予約している方とキャンセル待ちの方に、かわりの日時をメールで知らせます。"
NEW_DATE = "新しい日にち"
NEW_TIME = "新しい開始時間"
BAD_MOMENT = "日にちと時間を入力してください"
REASON = "理由（保護者に伝わります）"
REASON_HINT = "200文字まで。例: 先生の体調不良のため"
NEW_TEACHER = "新しい先生"
MOVE_YES = "日時を変更して知らせる"
TEACH_YES = "先生を変更する"
CANCEL_YES = "休講にして知らせる"
KEEP = "やめる"
CANCELLED_DONE = "休講にしました"

CHECK_IN = "受付"
CHECK_IN_TEXT = "QRコードを読み取りました"
CHECK_IN_DONE = "出席にしました"
TO_ROSTER = "今日の名簿を見る"

STATUS = {"reserved": EXPECTED, "attended": ATTENDED, "absent": ABSENT}


def day_title(day: date) -> str:
    """11月24日(火)."""
    return f"{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def seats(booked: int, capacity: int) -> str:
    """3/5名."""
    return f"{booked}/{capacity}名"


def total(children: int) -> str:
    """予約 3名."""
    return f"予約 {children}名"


def opens(start: datetime) -> str:
    """From when on attendance can be recorded."""
    return f"{time_label(start)}の15分前から記録できます"


def age(years: int | None) -> str:
    """7歳, or nothing where it is unknown."""
    return "" if years is None else f"{years}歳"


def guardian(name: str) -> str:
    """The guardian by nickname."""
    return f"保護者 {name}さん"


def recorded(child: str, status: str) -> str:
    """Said in the live region after a press."""
    return f"{child}さんを「{STATUS[status]}」にしました"


def slot_cancelled(bookings: int, waiting: int) -> str:
    """What cancelling a slot did."""
    return f"{CANCELLED_DONE}（予約{bookings}名、キャンセル待ち{waiting}名に知らせます）"


def slot_moved(asked: int, cancelled: int) -> str:
    """What moving a slot did."""
    lost = f"。{cancelled}名は同じ時間に別の予約があり、キャンセルになりました" if cancelled else ""
    return f"日時を変更しました（{asked}名に知らせます）{lost}"


def teacher_replaced(asked: int) -> str:
    """What another instructor did."""
    return f"先生を変更しました（{asked}名に知らせます）" if asked else "先生を変更しました"
