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
