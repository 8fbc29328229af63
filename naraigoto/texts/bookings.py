"""Words of booking: the dialog, the list, one booking."""

WHO = "だれが受けますか"
CHOOSE_CHILD = "受けるお子さまを選んでください"
NO_CHILDREN = "予約できるお子さまが登録されていません。「家族」のページで追加できます"
TEACHER = "先生"
CHOOSE_TEACHER = "先生を選ぶ"
ANY_TEACHER = "おまかせ"
CONFIRM = "予約を確定する"
STOPPED = "予約できません"
DONE = "予約が完了しました"
DONE_TEXT = "確認のメールをお送りします。場所と持ち物は、予約のページで見られます。"
HONORIFIC = "さん"
SEE = "予約を見る"
WAY_TO_PLANS = ("/plans", "プランを選ぶ")
WAY_TO_TICKETS = ("/tickets", "チケットとプランを見る")
LOGIN_TEXT = "ログインすると予約できます。教室や口コミは、ログインしなくても見られます。"
LOGIN = "ログインする"

TITLE = "予約"
HEADING = "予約"
DETAIL_TITLE = "予約の内容"
TABS = (("upcoming", "これから"), ("past", "これまで"), ("calendar", "カレンダー"))
CALENDAR = "calendar"
LISTS = TABS[:2]
SECTIONS = "予約の時期"
CHILDREN = "お子さまでしぼる"
EVERYBODY = "みんな"
NO_UPCOMING = "これからの予約はありません"
NO_UPCOMING_TEXT = "空いているレッスンを探して、体験を予約できます。"
NO_PAST = "これまでの予約はありません"
NO_PAST_TEXT = "体験したレッスンがここに残ります。"
TO_SEARCH = "教室をさがす"
BACK = "予約の一覧"

RESERVED = "予約済み"
ASKED = "要確認"
CHECKING = "確認中"
ATTENDED = "出席"
ABSENT = "欠席"
CANCELLED = "キャンセル"

WHEN = "日時"
SCHOOL = "教室"
PLACE = "場所"
CHILD = "お子さま"
BELONGINGS = "持ち物"
TICKETS_USED = "使ったチケット"
BOOKED_AT = "予約した日"
TO_SCHOOL = "教室のページを見る"
NOTHING_SPECIAL = "特にありません"


def pickup(sibling: str, hours: str, school: str) -> str:
    """A warning with names: another child has to be fetched elsewhere at about that time."""
    return f"{sibling}さんの送迎と重なるかもしれません（{hours} {school}）"


def tickets(count: int) -> str:
    """1枚."""
    return f"{count}枚"


def spending(cost: int, usable: int) -> str:
    """What a booking takes: チケット1枚を使います（残り3枚 → 2枚）."""
    return f"チケット{cost}枚を使います（残り{usable}枚 → {usable - cost}枚）"


def left(count: int) -> str:
    """残りのチケット: 3枚."""
    return f"残りのチケット: {count}枚"


def age(years: int | None) -> str:
    """7歳, or nothing when the month of birth is not told."""
    return "" if years is None else f"{years}歳"
