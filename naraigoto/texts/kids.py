"""Words of /kids: kana, and every kanji with its reading."""

from datetime import date, datetime, timedelta

from naraigoto import clock

# Parts of a line: (text, reading); an empty reading means there is nothing to help with.
Line = list[tuple[str, str]]

TITLE = "きょう"
TODAY_TITLE: Line = [("今日", "きょう"), ("の レッスン", "")]
NEXT_TITLE: Line = [("次", "つぎ"), ("の レッスン", "")]
LATER_TITLE: Line = [("これからの レッスン", "")]
NONE_TITLE = "レッスンは まだ ないよ"
NONE_TEXT = "やってみたい ことを さがして みよう。"
SEARCH: Line = [("教室", "きょうしつ"), ("を さがす", "")]
NOW: Line = [("いま レッスン", ""), ("中", "ちゅう"), ("だよ", "")]
SOON = "もうすぐ はじまるよ"

_MONTHS = "いち に さん し ご ろく しち はち く じゅう じゅういち じゅうに".split()  # noqa: SIM905
_DAYS = [
    "ついたち",
    "ふつか",
    "みっか",
    "よっか",
    "いつか",
    "むいか",
    "なのか",
    "ようか",
    "ここのか",
    "とおか",
    "じゅういちにち",
    "じゅうににち",
    "じゅうさんにち",
    "じゅうよっか",
    "じゅうごにち",
    "じゅうろくにち",
    "じゅうしちにち",
    "じゅうはちにち",
    "じゅうくにち",
    "はつか",
    "にじゅういちにち",
    "にじゅうににち",
    "にじゅうさんにち",
    "にじゅうよっか",
    "にじゅうごにち",
    "にじゅうろくにち",
    "にじゅうしちにち",
    "にじゅうはちにち",
    "にじゅうくにち",
    "さんじゅうにち",
    "さんじゅういちにち",
]
_WEEKDAYS = (
    ("月曜日", "げつようび"),
    ("火曜日", "かようび"),
    ("水曜日", "すいようび"),
    ("木曜日", "もくようび"),
    ("金曜日", "きんようび"),
    ("土曜日", "どようび"),
    ("日曜日", "にちようび"),
)


def hello(name: str) -> str:
    """How the page greets the child."""
    return f"{name}さん、こんにちは！"


def day_line(day: date) -> Line:
    """12月5日 土曜日, with readings."""
    month, number = (f"{day.month}月", f"{_MONTHS[day.month - 1]}がつ"), (f"{day.day}日", _DAYS[day.day - 1])
    return [month, number, (" ", ""), _WEEKDAYS[day.weekday()]]


def time_line(start: datetime, end: datetime) -> Line:
    """10時30分 から 11時20分 まで, with readings."""
    return [*_time(start), (" から ", ""), *_time(end), (" まで", "")]


def countdown(now: datetime, start: datetime, end: datetime) -> Line:
    """あと 3日, あと 2時間, もうすぐ, or that it is going on."""
    if start <= now < end:
        return NOW
    left = start - now
    days = (clock.jst_date(start) - clock.jst_date(now)).days
    if days >= 1:
        return [("あした だよ", "")] if days == 1 else [("あと ", ""), (f"{days}日", _days_left(days))]
    if left >= timedelta(hours=1):
        return [("あと ", ""), (f"{left // timedelta(hours=1)}", ""), ("時間", "じかん")]
    if left >= timedelta(minutes=1):
        minutes = left // timedelta(minutes=1)
        return [("あと ", ""), (f"{minutes}", ""), ("分", _minutes(minutes))]
    return [(SOON, "")]


def _time(moment: datetime) -> Line:
    local = clock.jst(moment)
    hour: Line = [(f"{local.hour}", ""), ("時", "じ")]
    return hour if local.minute == 0 else [*hour, (f"{local.minute}", ""), ("分", _minutes(local.minute))]


def _minutes(count: int) -> str:
    # 1, 3, 4, 6, 8 and full tens say ぷん, the others ふん.
    return "ぷん" if count % 10 in {0, 1, 3, 4, 6, 8} else "ふん"


def _days_left(days: int) -> str:
    # "1日" as a span is いちにち; from two days on the names of the calendar serve, within a month.
    return _DAYS[days - 1] if days <= len(_DAYS) else ""
