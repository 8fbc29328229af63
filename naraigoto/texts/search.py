"""Words of the search page."""

from naraigoto.texts import units

TITLE = "教室をさがす"
EVERYTHING = "すべての教室"
HEADING = "教室をさがす"
DESCRIPTION = "エリア・ジャンル・日付・キーワードで、空きのある習い事の体験をさがせます。"

KEYWORD = "キーワード"
KEYWORD_EXAMPLE = "水泳、えいかいわ、駅、教室名など"
SUGGESTIONS = "候補"
SUGGESTION_KINDS = {"genre": "ジャンル", "area": "エリア", "station": "駅", "school": "教室"}
SUGGESTIONS_FOUND = "{}件の候補があります。上下の矢印キーで選べます。"
AREA = "エリア"
EVERY_AREA = "すべて"
ADD_AREA = "エリアを追加"
AREAS_CHOSEN = "えらんだエリア"
JOIN = "・"
DATE = "受けたい日"
SUBMIT = "さがす"
GENRES = "ジャンル"
ANY_GENRE = "すべて"

MORE_FILTERS = "こだわり条件"
WEEKDAYS = (
    ("mon", "月"),
    ("tue", "火"),
    ("wed", "水"),
    ("thu", "木"),
    ("fri", "金"),
    ("sat", "土"),
    ("sun", "日"),
)
WEEKDAY = "空きのある曜日"
TIME = "時間帯"
ANY_TIME = "指定しない"
TIMES = (
    ("morning", "午前（12時まで）"),
    ("afternoon", "午後（12〜17時）"),
    ("evening", "夕方から（17時以降）"),
)
CHILD_RATING = "子どもの評価"
ANY_RATING = "指定しない"
CHILD_RATINGS = (("3.5", "3.5以上"), ("4", "4.0以上"), ("4.5", "4.5以上"))
SAFETY = "日本版DBS 申請中・認定"
AGE = "お子さまの年齢"
ANY_AGE = "指定しない"
CHOICE = "先生を選べる"

SORTS = "並び順"
SORT_NAMES = (
    ("recommended", "おすすめ順"),
    ("rating", "子どもの評価順"),
    ("newest", "新着順"),
    ("distance", "近い順"),
)
SORT_REASON = (
    "おすすめ順は、親子それぞれの評価・2週間以内の空き枠・新しさ・近さで決まり、広告費では変わりません。"
)

HERE = "現在地から15分でさがす"
HERE_BUSY = "現在地を調べています"
HERE_DENIED = "現在地を使えませんでした。エリアを選んでさがせます。"
NEAR_ON = "現在地・えらんだ場所の近く"
NEAR_OFF = "場所の指定を外す"

TRAVEL = "移動のしかた"
TRAVELS = (("walk", "徒歩15分"), ("bike", "自転車15分"), ("car", "車15分"))
ANY_DISTANCE = "距離を問わない"

VIEWS = "表示の切り替え"
AS_LIST = "一覧"
AS_MAP = "地図"
SEARCH_HERE = "このエリアで検索"

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
    """How many rows are on the screen, until they are counted."""
    return f"{count}件（続きあり）" if more else f"{count}件"


def found(count: int, *, capped: bool) -> str:
    """How many there are; beyond a thousand nobody counts."""
    return f"{count:,}件以上" if capped else f"{count}件"


def corrected(typed: str, meant: str) -> str:
    """The words that were searched for instead."""
    return f"「{typed}」では見つからなかったため、「{meant}」の結果を表示しています。"


def without(name: str) -> str:
    """The button that takes one area away again."""
    return f"{name}を外す"


def weekdays(days: tuple[int, ...]) -> str:
    """土・日."""
    return JOIN.join(WEEKDAYS[day][1] for day in days)


def time_of_day(key: str) -> str:
    """午前."""
    return {"morning": "午前", "afternoon": "午後", "evening": "夕方から"}.get(key, "")


def stars(rating: float) -> str:
    """4.5以上."""
    return f"{rating:.1f}以上"


def way(travel: str, minutes: int, distance: str) -> str:
    """自転車 約9分・1.2 km."""
    name = {"walk": "徒歩", "bike": "自転車", "car": "車"}[travel]
    return f"{name} 約{minutes}分・{distance}"


def about(*, q: str, areas: list[str], genre: str) -> str:
    """「送迎」の渋谷区・目黒区の水泳: what a search asks for, すべての教室 for nothing at all."""
    said = [f"「{q}」" if q else "", JOIN.join(areas), genre]
    return "の".join(part for part in said if part) or EVERYTHING


def title(*, q: str, areas: list[str], genre: str) -> str:
    """渋谷区の水泳の教室をさがす: the title of a search."""
    return f"{about(q=q, areas=areas, genre=genre)}の{TITLE}" if q or areas or genre else TITLE


SAVED = "保存した条件"
SAVE = "この条件を保存"
SAVED_NONE = "よく使う条件を保存しておくと、ここからすぐに開けます。"
SAVED_DONE = "条件を保存しました"
SAVED_GONE = "保存した条件を消しました"
SAVED_FAILED = "保存できませんでした。もう一度お試しください"
BY_MAIL = "新しい枠を週に1回メールで受け取る"
MAIL_ON = "新しい枠を、月曜の朝にメールでお知らせします"
MAIL_OFF = "メールでのお知らせを止めました"
SEEN = "最近見た教室"
SEEN_CLEAR = "履歴を消す"


def remove(name: str) -> str:
    """How the button that forgets a kept search is called."""
    return f"{name}を消す"


def details(parts: list[str]) -> str:
    """土・日 ／ 午前: what else a kept search asks for."""
    return " ／ ".join(part for part in parts if part)


_REASONS = {
    "name": "教室名に一致",
    "rating_child": "子ども評価{:.1f}",
    "rating_parent": "保護者評価{:.1f}",
    "open_slots": "2週間に空き{:.0f}枠",
    "new": "新しく公開",
}


def reason(reasons: list[tuple[str, float | None]]) -> str:
    """この順位の理由: 800 m・子ども評価4.7・2週間に空き3枠 (D20); empty when nothing speaks for it."""
    said = [
        units.distance(round(value))
        if code == "distance" and value is not None
        else _REASONS[code].format(value)
        for code, value in reasons
    ]
    return f"この順位の理由: {JOIN.join(said)}" if said else ""


def relax(field: str, value: str, brings: str) -> str:
    """Button that searches again without one filter, and what that brings."""
    return _RELAX[field].format(value) + (f"（{brings}）" if brings else "")


_RELAX = {
    "q": "キーワード「{}」を外す",
    "area": "エリア「{}」を外す",
    "category": "ジャンル「{}」を外す",
    "date": "日付「{}」を外す",
    "weekday": "曜日「{}」を外す",
    "time": "時間帯「{}」を外す",
    "place": "近さ（{}以内）を外す",
    "age": "年齢（{}）を外す",
    "instructor_choice": "「{}」を外す",
    "child_rating": "子どもの評価「{}」を外す",
    "safety": "「{}」を外す",
}
