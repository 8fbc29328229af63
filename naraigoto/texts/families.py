"""Words of /family, /join and of what a family is called."""

from datetime import date, datetime
from urllib.parse import quote

from naraigoto.texts import dates

TITLE = "家族"
LEAD = "お子さまの登録と、ご家族の招待ができます"

BEGIN_TITLE = "家族をつくりましょう"
BEGIN_TEXT = "家族をつくると、お子さまを登録して、体験を予約できます。ほかの保護者の方から招待を受けているときは、届いたリンクを開いてください。"
BEGIN = "家族をつくる"
FAMILY_NEEDED_TITLE = "先に家族をつくりましょう"
FAMILY_NEEDED_TEXT = "お子さまの登録や予約は、家族をつくると使えます。"
FAMILY_NEEDED_ACTION = "家族のページへ"

CHILDREN = "お子さま"
ADD_CHILD = "お子さまを追加"
FIRST_TITLE = "はじめに、お子さまを追加しましょう"
FIRST_TEXT = "ニックネームとログイン用の合いことばだけで登録できます。メールアドレスはいりません。"
CHANGE = "変更"
REMOVE = "外す"
REMOVE_CHILD = "家族から外す"
HAND_OVER = "子どもモードにする"
HAND_OVER_HINT = "「子どもモード」にすると、この端末はお子さまの画面になります。もどすときは、保護者のパスワードを入力します。"
WAY_IN_TITLE = "お子さまの端末でログインするとき"
WAY_IN_TEXT = "ログイン画面の「お子さま」で、この3つを入力します。"
FAMILY_CODE = "ファミリーコード"
LOGIN_NAME = "ログインネーム"
PASSCODE = "パスコード"
LOGIN_NAME_PLACE = "お子さまの名前の下に表示しています"
PASSCODE_PLACE = "登録したもの（忘れたときは「変更」から新しくできます）"
NO_CHILDREN = "お子さまはまだ登録されていません"
NO_CHILDREN_TEXT = "代表の方が登録すると、ここに表示されます。"
# After a name: what one button among several is called.
CHANGE_LABEL = "さんの情報を変更"
REMOVE_LABEL = "さんを外す"
HAND_OVER_LABEL = "さんの子どもモードにする"

GUARDIANS = "保護者"
OWNER = "代表"
ME = "あなた"
ROLES = "予約や予定の確認は全員、お支払いとメンバーの変更は代表の方ができます。"
INVITE = "保護者を招待する"
INVITE_LEAD = "パートナーや祖父母の方を、リンクで招待できます（7日間・1回だけ有効）。"
INVITE_VERIFY = (
    "招待を送るには、先にメールアドレスの確認をお願いします。届いたメールのボタンを押してください。"
)
INVITE_READY = "招待リンクができました"
INVITE_ONCE = "このリンクは、いまだけ表示しています。コピーするか、メールで送ってください。"
COPY = "リンクをコピー"
COPIED = "コピーしました"
SEND_MAIL = "メールで送る"
LINK = "招待リンク"
OPEN_INVITATIONS = "まだ使われていない招待"
TAKE_BACK = "取り消す"
TAKE_BACK_LABEL = "の招待を取り消す"
TAKEN_BACK = "招待を取り消しました"
LEAVE = "この家族から抜ける"
LEAVE_TITLE = "この家族から抜けますか"
LEAVE_DO = "抜ける"
REMOVE_TITLE = "さんを家族から外しますか"
REMOVE_DO = "外す"

NAME = "ニックネーム"
NAME_HINT = "教室にも表示されます。本名でなくてかまいません"
LOGIN_NAME_HINT = "お子さまが入力します。かな・英数字で20文字まで"
PASSCODE_HINT = "数字か英字で4〜12文字。0000や1234、生まれ年は使えません"
PASSCODE_NEW_HINT = "変えるときだけ入力してください。変えると、お子さまは一度ログアウトします"
BIRTH = "生まれた年月"
BIRTH_HINT = "教室には年齢だけが伝わります"
YEAR = "年"
MONTH = "月"
INTERESTS = "好きなこと"
INTERESTS_EXAMPLE = "例：水泳、ピアノ、虫"
OPTIONAL = "任意"
CONSENT = "保護者として、お子さまの情報の取り扱いに同意します"
CONSENT_HINT = (
    "ニックネーム・生まれた年月・好きなことだけをお預かりします。教室に伝わるのはニックネームと年齢です。"
)
CONSENT_LINK = "プライバシーポリシー"
CONSENT_NEEDED = "同意のチェックをお願いします"
BOTH_PARTS = "年と月の両方を選んでください"
SAVE_NEW = "追加する"
SAVE = "保存する"
SAVED = "保存しました"
CHANGE_TITLE = "お子さまの情報を変更"
ADDED = "さんを追加しました"
PASSCODE_CHANGED = "さんの新しいパスコード"
ADDED_NOTE = "お子さまの端末でログインするときに使います。メモや写真に残してください。"
ADD_ANOTHER = "もう一人追加する"

REMOVE_CHILD_TEXT = "すぐにログインできなくなり、これからの予約はキャンセルされます。記録は30日後に消えます。"
REMOVE_GUARDIAN_TEXT = "この家族の予約や予定を見られなくなります。カレンダーアプリ用のアドレスも使えなくなるので、お使いのときは作り直してください。"
LEAVE_TEXT = "この家族の予約や予定を見られなくなります。もどるには、もう一度招待が必要です。カレンダーアプリ用のアドレスも使えなくなるので、残るご家族が作り直してください。"
LEFT = "家族から抜けました"

REFUSED_TEXT = "招待してくれた方に、新しいリンクを送ってもらってください。"
JOIN_TITLE = "家族への招待"
JOIN_TEXT = "参加すると、お子さまの予定の確認や予約ができるようになります。"
JOIN = "参加する"
JOIN_LOGIN = "ログインして参加する"
JOIN_SIGN_UP = "はじめての方は登録して参加する"
JOINED = "この家族に参加しています"
TO_FAMILY = "家族のページを見る"
NOT_FOR_YOU = "家族に参加できるのは、保護者のアカウントだけです。別のアカウントでログインしてください。"

BACK_PAGE = "おうちの人にもどる"
BACK_LEAD = (("大人", "おとな"), "の", ("人", "ひと"), "に わたしてね。")
BACK_PASSWORD = "保護者のパスワード"
BACK_SUBMIT = "保護者の画面にもどる"
BACK_REQUIRED = "パスワードを入力してください"
BACK_WRONG = "パスワードが違います"
BACK_FAILED = "ただいまつながりにくくなっています。少し時間をおいて、もう一度お試しください"
BACK_PROVIDER = "もう一度ログインしてもどる"
BACK_NOT_LENT = ("この たんまつは ", ("子", "こ"), "どもモードでは ないよ。")
BACK_TO_KIDS = (("自分", "じぶん"), "の ページへ")


def family_name(owner: str) -> str:
    """What a family without a name of its own is called: after the family name of its owner."""
    first = owner.split()[0] if owner.split() else ""
    return f"{first}家" if len(owner.split()) > 1 else f"{first}さんの家族"


def until(moment: datetime) -> str:
    """12/4(金) 20:00まで."""
    return f"{dates.moment_label(moment)}まで"


def birth_month(month: date | None) -> str:
    """2018年5月生まれ, or nothing when it is not told."""
    return "" if month is None else f"{month.year}年{month.month}月生まれ"


def age(years: int | None) -> str:
    """8歳, or nothing when the month of birth is not told."""
    return "" if years is None else f"{years}歳"


def year(number: int) -> str:
    """2018年."""
    return f"{number}年"


def month(number: int) -> str:
    """5月."""
    return f"{number}月"


def removed(name: str) -> str:
    """That somebody is no longer in the family."""
    return f"{name}さんを家族から外しました"


def invited_by(name: str, family: str) -> str:
    """Who invites whom."""
    return f"{name}さんから「{family}」への招待です"


def mail_link(url: str, until_words: str) -> str:
    """An address that opens a mail with the invitation in it."""
    body = (
        "習い事Primeで、子どもの習い事をいっしょに見ませんか。\n"
        f"下のリンクから参加できます（{until_words}・1回だけ有効）。\n\n{url}\n"
    )
    return f"mailto:?subject={quote('習い事Primeの家族への招待')}&body={quote(body)}"


def guardian_password(name: str) -> str:
    """Whose password gives the device back."""
    return f"{name}さんのパスワードを入力してください"
