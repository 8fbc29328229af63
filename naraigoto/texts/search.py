"""Words of the search page."""

TITLE = "教室をさがす"
HEADING = "教室をさがす"
DESCRIPTION = "エリア・ジャンル・日付・キーワードで、空きのある習い事の体験をさがせます。"

KEYWORD = "キーワード"
KEYWORD_EXAMPLE = "水泳、ピアノ、教室名など"
AREA = "エリア"
EVERY_AREA = "すべて"
DATE = "受けたい日"
SUBMIT = "さがす"
GENRES = "ジャンル"
ANY_GENRE = "すべて"

MORE_FILTERS = "こだわり条件"
AGE = "お子さまの年齢"
ANY_AGE = "指定しない"
CHOICE = "先生を選べる"

SORTS = "並び順"
SORT_NAMES = (
    ("recommended", "おすすめ順"),
    ("rating", "評価順"),
    ("newest", "新着順"),
    ("distance", "近い順"),
)
SORT_REASON = (
    "おすすめ順は、親子それぞれの評価・2週間以内の空き枠・新しさ・近さで決まり、広告費では変わりません。"
)

HERE = "現在地からさがす"
HERE_BUSY = "現在地を調べています"
HERE_DENIED = "現在地を使えませんでした。エリアを選んでさがせます。"
NEAR_ON = "現在地・地図の場所の近く"
NEAR_OFF = "場所の指定を外す"

VIEWS = "表示の切り替え"
AS_LIST = "一覧"
AS_MAP = "地図"
SEARCH_HERE = "この範囲でさがす"

NOTHING = "条件に合う教室が見つかりませんでした"
NOTHING_TEXT = "条件をひとつ外すと、見つかることがあります。"
NOTHING_AT_ALL = "公開中の教室はまだありません"
RELAX_ALL = "すべての条件を外す"
DROPPED = "読み取れない条件があったため、それを外してさがしました。"
LOAD_FAILED = "続きを読み込めませんでした。もう一度お試しください。"


def age(years: int) -> str:
    """7歳."""
    return f"{years}歳"


def shown(count: int, *, more: bool) -> str:
    """How many rows are on the screen; counting all of them would cost more than the search."""
    return f"{count}件（続きあり）" if more else f"{count}件"


def relax(field: str, value: str) -> str:
    """Button that searches again without one filter."""
    return _RELAX[field].format(value)


_RELAX = {
    "q": "キーワード「{}」を外す",
    "area": "エリア「{}」を外す",
    "category": "ジャンル「{}」を外す",
    "date": "日付「{}」を外す",
    "radius_m": "近さ（{}以内）を外す",
    "age": "年齢（{}）を外す",
    "instructor_choice": "「先生を選べる」を外す",
}
