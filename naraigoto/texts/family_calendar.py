"""Words of the family's calendar and of its secret address."""

from datetime import date

from naraigoto.texts.ui import WEEKDAYS

HEADING = "カレンダー"
PREVIOUS = "前の月"
NEXT = "次の月"
WEEK = (WEEKDAYS[6], *WEEKDAYS[:6])  # from Sunday, as on Japanese wall calendars
AGENDA = "この月のレッスン"
NONE = "この月のレッスンはありません"

FEED = "カレンダーアプリで見る"
FEED_TEXT = (
    "専用のアドレスをGoogleカレンダーやiPhoneのカレンダーに登録すると、予約がいつも最新の状態で表示されます。"
)
FEED_SECRET = "アドレスを知っている人は予約を見られます。ほかの人に教えないでください。知られてしまったときは、作り直すと前のアドレスは使えなくなります。保護者の方が家族から抜けたり退会したりすると、アドレスは使えなくなります。そのときは作り直してください。"
MAKE = "専用のアドレスを作る"
REMAKE = "作り直す"
END = "使うのをやめる"
ADDRESS = "専用のアドレス"
ADDRESS_HINT = "カレンダーアプリの「URLで追加」に貼り付けてください"
MADE = "専用のアドレスを作りました"
ENDED = "専用のアドレスを使えないようにしました"


def month_title(month: date) -> str:
    """2026年12月."""
    return f"{month.year}年{month.month}月"


def day_name(day: date, lessons: int) -> str:
    """What a screen reader hears for one day."""
    return f"{day.month}月{day.day}日" + (f" レッスン{lessons}件" if lessons else "")
