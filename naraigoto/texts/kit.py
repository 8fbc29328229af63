"""Words of /dev/kit, the page that shows every part in every state (never in production)."""

TITLE = "部品帳"
LEAD = "画面を組み立てる部品の見本です。数字や名前はすべて例です。"

COLOURS = "色と文字"
BUTTONS = "ボタン"
FORMS = "入力"
SENT_FORM = "送信するフォーム"
CHIPS = "チップ"
CARDS = "カード"
VOICES = "ふたつの声"
FEEDBACK = "お知らせ"
LISTS = "一覧"
DIALOG = "ダイアログ"
MAP = "地図"
KIDS = "子どもの画面"
LOADING = "読み込み中"
PAGES = "画面全体の知らせ"

PRIMARY = "予約する"
SECONDARY = "くわしく見る"
QUIET = "あとで"
DANGER = "予約を取り消す"
CHILD = "行きたい！"
BUSY = "送信しています"
DISABLED = "満席です"
LIKE = "お気に入り"
LONG = "とても長い教室名でも折り返して読めることを確かめるための、渋谷こどもアートとリトミックの総合スクール代々木公園前校"

EMAIL = "メールアドレス"
EMAIL_HINT = "確認メールをお送りします"
EMAIL_ERROR = "メールアドレスの形が正しくありません"
AREA = "エリア"
AREAS = (("", "すべてのエリア"), ("13113", "東京都渋谷区"), ("13112", "東京都世田谷区"))
CHECK = "空きのある教室だけ"
CHECK_OFF = "選べない項目"
WHO = "だれが受けますか"
CHILDREN = (
    ("sora", "そら（8歳）", "チケット 1枚"),
    ("hinata", "ひなた（5歳）", "チケット 1枚"),
    ("riku", "りく（2歳）", "対象年齢（4〜8歳）に合っていません"),
)
NAME = "ニックネーム"
NAME_HINT = "ほかのご家庭には表示されません"
PASSWORD = "新しいパスワード"
PASSWORD_HINT = "10文字以上"
SHOW = "表示"
HIDE = "隠す"
STRENGTH_SHORT = "あと{n}文字"
STRENGTH_FAIR = "使える長さです"
STRENGTH_STRONG = "安全な長さです"
MONTH = "生まれた月"
OPTIONAL = "任意"
KIND = "使い方"
KINDS = (("parent", "保護者", "お子さまの習い事をさがす"), ("school_owner", "教室", "体験レッスンを掲載する"))
AGREE = "利用規約に同意します"
AGREE_LINK = "利用規約"
SAVE = "保存する"
SAVED = "保存しました"
EMPTY_FIELD = "入力してください"
UNREACHABLE = "ただいまつながりにくくなっています"

GENRES = (("水泳", "waves-ladder"), ("ピアノ", "music"), ("プログラミング", "code"), ("絵画", "palette"))

SCHOOL = "スマイル水泳 渋谷"
SCHOOL_AREA = "渋谷区"
SCHOOL_GENRE = "水泳"
DISTANCE = "650 m"
NEXT = "12/5（土）10:00"

PARENT_WORDS = (
    "先生が一人ひとりの名前を呼んでくれて、初回でも安心して見ていられました。更衣室が少し混みます。"
)
CHILD_WORDS = "みずに かおを つけられた！ また いきたい。"
AUTHOR_PARENT = "40代・8歳の保護者"
AUTHOR_CHILD = "8歳"
WHEN = "2026年11月"
REPLY = "教室からの返信：ありがとうございます。更衣室を広げました。"

ERROR = "満席です。キャンセル待ちに登録できます"
INFO = "無料キャンセルは 12/4 20:00 までです"
SUCCESS = "予約しました"
SHOW_TOAST = "お知らせを出す"
TOAST = "予約しました。確認メールをお送りしました"
EMPTY = "条件に合う教室がありません"
EMPTY_TEXT = "日付やエリアを広げると見つかることがあります。"
EMPTY_ACTION = "条件を消す"

TABS = (("upcoming", "これから"), ("past", "これまで"))
TAB_TEXT = {"upcoming": "これからの予約が並びます。", "past": "受けたレッスンが並びます。"}
FACTS = (("日時", "12/5（土）10:00〜10:50"), ("場所", "東京都渋谷区神南1-2-3"), ("チケット", "1枚"))
ROSTER_HEAD = ("時間", "子ども", "クラス", "状態")
ROSTER = (
    ("10:00", "そら", "はじめての水泳", "予約済み"),
    ("10:00", "ひなた", "はじめての水泳", "出席"),
    ("11:00", "りく", "親子スイミング", "欠席"),
)
STATUS = "状態"

OPEN_DIALOG = "予約の確認をひらく"
DIALOG_TITLE = "この内容で予約しますか"
PRESSED = "選んだ教室："
NOTHING_PRESSED = "まだ選んでいません"
MOVED = "見ている範囲が変わりました"

PINS = (
    {"id": "smile", "lat": 35.6627, "lng": 139.6989, "label": "スマイル水泳"},
    {"id": "oto", "lat": 35.6702, "lng": 139.7027, "label": "おとのもりピアノ"},
    {"id": "code", "lat": 35.6469, "lng": 139.7101, "label": "コードのたね"},
)
MAP_AREAS = (
    {"name": "渋谷区", "lat": 35.6637, "lng": 139.6977},
    {"name": "港区", "lat": 35.6581, "lng": 139.7515},
    {"name": "世田谷区", "lat": 35.6464, "lng": 139.6532},
)
KIDS_TITLE = (("今日", "きょう"), "の レッスン")
KIDS_WORDS = (("水泳", "すいえい"), "は 10じから だよ")
