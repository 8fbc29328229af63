"""Words of the pages of schools and instructors, and what may be told of who wrote a review (G41)."""

_GRADES = {"years": "{}歳", "elementary": "小{}", "junior_high": "中{}", "high": "高{}"}


def grade_label(stage: str, number: int) -> str:
    """小2, 4歳; empty when nothing is known."""
    return _GRADES[stage].format(number) if stage in _GRADES else ""


def author_label(kind: str, stage: str, number: int) -> str:
    """小2の子, 小2の子の保護者 or 小2の子と保護者: never a name."""
    grade = grade_label(stage, number)
    if kind == "child":
        return f"{grade}の子" if grade else "お子さま"
    if kind == "parent":
        return f"{grade}の子の保護者" if grade else "保護者"
    return f"{grade}の子と保護者" if grade else "親子"


GALLERY = "教室の写真"
ABOUT = "教室について"
PLACE = "場所"
MAP_SOURCE = '<a href="https://maps.gsi.go.jp/development/ichiran.html" target="_blank" rel="noopener">地理院タイル</a>'
ADDRESS = "住所"
ACCESS = "アクセス"
INSTRUCTORS = "先生"
CLASSES = "クラス"
AGES = "対象年齢"
MINUTES = "時間"
COST = "必要なチケット"
CAPACITY = "定員"
BELONGINGS = "持ち物"
CHOICE = "先生を選べます"
PROFILE = "プロフィール"
TEACHES = "担当クラス"

BADGES = {
    "planned": "日本版DBS 申請予定",
    "applied": "日本版DBS 申請中",
    "certified": "日本版DBS 認定",
}

SLOTS = "空いている日時"
SLOTS_NOTE = "時間は日本時間です。予約の締切は教室ごとに決まっています。"
NO_SLOTS = "いま予約できる日時はありません"
NO_SLOTS_TEXT = "新しい日時が公開されると、ここに並びます。"
DAYS = "日にちをえらぶ"
SLOTS_OF_DAY = "この日の枠"
LATER_DAYS = "さらに先の日"
BOOK = "体験を予約する"
BOOK_LOGIN = "ログインして予約する"
ASK_AT_HOME = "おうちの人に おねがいしてね"
FULL = "満席"
CLOSED = "受付終了"
ANY_TEACHER = "先生はおまかせ"
ALL_AGES = "年齢を問いません"

REVIEWS = "口コミ"
TO_REVIEWS = "口コミを見る"
REVIEWS_OF_TEACHER = "先生への口コミ"
REVIEW_TABS = (("family", "おやこ"), ("parent", "保護者"), ("child", "子ども"))
NO_REVIEWS = "まだ口コミがありません"
NO_REVIEWS_TEXT = "レッスンを受けた親子の感想が、ここに並びます。"
REPLY = "教室からの返信"
SPREAD = "評価の内訳"
PREPARING = "評価準備中（3件から表示します）"

NOT_FOUND = "教室が見つかりません"
NOT_FOUND_TEXT = "公開が終わったか、URLが変わった可能性があります。"
TEACHER_NOT_FOUND = "先生のページが見つかりません"
UNPUBLISHED = "この教室はまだ公開されていません。教室のメンバーにだけ見えています。"


def open_slots(count: int) -> str:
    """What stands below a day: how many slots can still be booked."""
    return f"空き{count}枠" if count else "空きなし"


def image_alt(name: str, number: int) -> str:
    """What a picture of the gallery is."""
    return f"{name}の写真 {number}"


def ages(low: int, high: int) -> str:
    """4〜12歳."""
    if (low, high) == (0, 18):
        return ALL_AGES
    return f"{low}歳" if low == high else f"{low}〜{high}歳"


def minutes(count: int) -> str:
    """50分."""
    return f"{count}分"


def tickets(count: int) -> str:
    """チケット1枚."""
    return f"チケット{count}枚"


def people(count: int) -> str:
    """5人."""
    return f"{count}人"


def seats(left: int, *, closed: bool) -> str:
    """残り3席, 満席 or 受付終了."""
    if closed:
        return CLOSED
    return f"残り{left}席" if left > 0 else FULL


def number_of_reviews(count: int) -> str:
    """12件."""
    return f"{count}件"


def stars_row(stars: int) -> str:
    """How a row of the spread is called."""
    return f"{stars}点"


def safety(status: str, number: str | None) -> str:
    """The badge with its number once it is certified; empty for none."""
    words = BADGES.get(status, "")
    return f"{words} {number}" if words and number else words
