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

# Days with a name of their own; the others are a number and にち.
_DAYS = {
    1: "ついたち",
    2: "ふつか",
    3: "みっか",
    4: "よっか",
    5: "いつか",
    6: "むいか",
    7: "なのか",
    8: "ようか",
    9: "ここのか",
    10: "とおか",
    14: "じゅうよっか",
    20: "はつか",
    24: "にじゅうよっか",
}
_WEEKDAYS = (
    ("月曜日", "げつようび"),
    ("火曜日", "かようび"),
    ("水曜日", "すいようび"),
    ("木曜日", "もくようび"),
    ("金曜日", "きんようび"),
    ("土曜日", "どようび"),
    ("日曜日", "にちようび"),
)


def with_reading(name: str, kana: str) -> Line:
    """A name with its reading above, where it holds kanji at all."""
    return [(name, kana if any("一" <= letter <= "鿿" for letter in name) else "")]


def hello(name: str) -> str:
    """How the page greets the child."""
    return f"{name}さん、こんにちは！"


def day_line(day: date) -> Line:
    """12月5日 土曜日, with readings."""
    month: Line = [(f"{day.month}", ""), ("月", "がつ")]
    return [*month, *_days(day.day), (" ", ""), _WEEKDAYS[day.weekday()]]


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
        return [("あした だよ", "")] if days == 1 else [("あと ", ""), *_days(days)]
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


def _days(count: int) -> Line:
    name = _DAYS.get(count)
    return [(f"{count}日", name)] if name else [(f"{count}", ""), ("日", "にち")]
