"""Words shared by several pages: the frame, buttons, states of lists, weekdays."""

BRAND = "習い事Prime"
BRAND_FIRST = (("習", "なら"), ("い", ""), ("事", "ごと"))
BRAND_SECOND = "Prime"
TAGLINE = "体験から、好きが見つかる"

SKIP = "本文へ移動"
NAV_MAIN = "メインメニュー"
NAV_TABS = "下部メニュー"
NAV_SIDE = "管理メニュー"
NAV_ACCOUNT = "アカウントメニュー"
HOME = "ホーム"
SEARCH = "さがす"
BOOKINGS = "予約"
FAMILY = "家族"
CHILD_MODE = "子どもモード"
CHILD_MODE_NOW = (("子", "こ"), "どもモード")
CHILD_MODE_BACK = ("おうちの", ("人", "ひと"), "に もどる")
TODAY = "今日"
KIDS_TODAY = "きょう"
OPERATIONS = "運用"
REVIEWS = "口コミ"
REPORTS = "通報"
LOGIN = "ログイン"
LOGOUT = "ログアウト"
SETTINGS = "設定"
SETTINGS_KIDS = ("設定", "せってい")

TICKETS = "チケット"
PLANS = "料金プラン"
TICKET_UNIT = "枚"

THEME = "画面の明るさ"
THEME_LIGHT = "ライト"
THEME_DARK = "ダーク"
THEME_SYSTEM = "自動"

CLOSE = "閉じる"
CANCEL = "やめる"
MORE = "もっと見る"
RELOAD = "再読み込み"
LOADING = "読み込んでいます"
REQUIRED = "必須"
TO_HOME = "トップへ戻る"
TO_SEARCH = "教室をさがす"

PARENT_VOICE = "保護者の声"
CHILD_VOICE = "子どもの声"
GAP = "親子ギャップ"
PARENT_SHORT = "保護者"
CHILD_SHORT = "子ども"
RATING_PENDING = "評価準備中"
NEXT_SLOT = "次の空き"
NO_SLOT = "受付中の日程なし"
FACES = ("ざんねん", "いまいち", "ふつう", "たのしい", "さいこう")

MAP = "地図"
MAP_HINT = "矢印キーで移動、＋と－で拡大・縮小できます"
MAP_CLUSTER = "{}教室（押すと拡大）"
MAP_PRICED = "{name} チケット{price}"
ZOOM_IN = "拡大"
ZOOM_OUT = "縮小"

CONNECTION_LOST = "通信が切れています。つながり次第、自動で再開します"
CRASH_TITLE = "画面を表示できませんでした"
CRASH_TEXT = "ご不便をおかけします。再読み込みすると直ることがあります。"
NEW_VERSION = "新しい版があります。再読み込みすると切り替わります"
UNAVAILABLE_TITLE = "ただいまつながりにくくなっています"
UNAVAILABLE_TEXT = "少し時間をおいて、もう一度お試しください。予約やチケットはそのまま残っています。"
LIMITED_TITLE = "しばらく時間をおいてお試しください"
LIMITED_TEXT = "短い時間に多くのページが開かれました。1分ほどたつと、また開けます。"
NOT_FOUND_TITLE = "ページが見つかりません"
NOT_FOUND_TEXT = "URLが変わったか、公開が終わった可能性があります。"

WEEKDAYS = ("月", "火", "水", "木", "金", "土", "日")

KIT = "部品帳"

FOOTER = "子どもの「やってみたい」を、親子で見つける"


def stars_label(value: object) -> str:
    """How a rating is read aloud."""
    return f"5点満点中{value}点"


def titled(title: str) -> str:
    """What the browser's tab says for a page."""
    return f"{title} | {BRAND}"
