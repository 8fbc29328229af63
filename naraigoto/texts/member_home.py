"""Words of /home, the guardian's first page after signing in."""

from datetime import date

from naraigoto.texts.dates import day_label

TITLE = "ホーム"
GREETING = "さん、こんにちは"
LEAD = "つぎの「やってみたい」を見つけましょう"

TICKETS = "チケット"
LEFT = "残り"
UNIT = "枚"
NO_TICKETS = "使えるチケットはありません"
NO_TICKETS_TEXT = "教室や口コミは、チケットがなくても自由に見られます。"
TO_TICKETS = "チケットを見る"
TO_PLANS = "プランを選ぶ"
ON_HOLD = "お支払いを確認できませんでした"

NEXT = "次の予約"
ALL_BOOKINGS = "予約をすべて見る"
NO_BOOKINGS = "これからの予約はありません"
NO_BOOKINGS_TEXT = "空いているレッスンを探して、体験を予約できます。"
TO_SEARCH = "教室をさがす"

GENRES = "ジャンルからさがす"
CHILDREN = "お子さま"
NO_CHILDREN = "お子さまはまだ登録されていません"
ADD_CHILD = "お子さまを追加"
ALL_FAMILY = "家族を見る"


def renews(plan: str, day: date | None) -> str:
    """スタンダード・次の更新 12/24(木)."""
    return f"{plan}・次の更新 {day_label(day)}" if day else plan


def ends(plan: str, day: date | None) -> str:
    """スタンダード・12/24(木)に終了."""
    return f"{plan}・{day_label(day)}に終了" if day else plan


def use_until(day: date) -> str:
    """Until when the tickets that end first can be used."""
    return f"{day.month}月{day.day}日まで"


def some_until(count: int, day: date) -> str:
    """How many tickets end first, when more stay after that day."""
    return f"うち{count}枚は{day_label(day)}まで"


def age(years: int | None) -> str:
    """8歳, or nothing when the birthday is not told."""
    return "" if years is None else f"{years}歳"
