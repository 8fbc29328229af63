"""Days and times as people read them, on a Japanese clock (R43)."""

from datetime import date, datetime

from naraigoto import clock
from naraigoto.texts.ui import WEEKDAYS


def day_label(day: date) -> str:
    """12/5(土)."""
    return f"{day.month}/{day.day}({WEEKDAYS[day.weekday()]})"


def time_label(moment: datetime) -> str:
    """9:05 on a Japanese clock."""
    local = clock.jst(moment)
    return f"{local.hour}:{local:%M}"


def moment_label(moment: datetime) -> str:
    """12/4(金) 20:00."""
    return f"{day_label(clock.jst_date(moment))} {time_label(moment)}"


def time_range(start: datetime, end: datetime) -> str:
    """10:00〜10:50."""
    return f"{time_label(start)}〜{time_label(end)}"


def slot_label(start: datetime, end: datetime) -> str:
    """12/5(土) 10:00〜10:50."""
    return f"{day_label(clock.jst_date(start))} {time_range(start, end)}"


def long_day_label(day: date) -> str:
    """2026年12月5日(土)."""
    return f"{day.year}年{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def full_date(day: date) -> str:
    """2026年12月5日."""
    return f"{day.year}年{day.month}月{day.day}日"
