"""Words of /settings and /goodbye, for every kind of person."""

from datetime import datetime

from naraigoto import clock
from naraigoto.rules import ERASE_AFTER, EXPORTS
from naraigoto.texts import dates
from naraigoto.texts.legal import PRIVACY, TERMS

_DAYS = ERASE_AFTER.days

TITLE = "設定"
LEAD = "お名前、メール、端末、データの管理"
SAVE = "保存する"
SAVED = "保存しました"
FAILED = "うまく送れませんでした。通信を確かめて、もう一度お試しください"
REQUIRED = "入力してください"

NAME = "お名前"
NAME_LABEL = "表示名"
NAME_HINT = "ご家族と、予約した教室に表示されます。ニックネームでかまいません"

EMAIL = "メールアドレス"
VERIFIED = "確認済み"
UNVERIFIED = "未確認"
UNVERIFIED_TEXT = "お届けしたメールのボタンを押すと、確認が終わります。"
RESEND = "確認メールをもう一度送る"
RESENT = "確認メールを送りました。届いたメールのボタンを押してください"
PENDING = "変更の確認待ち"
EMAIL_NEW = "新しいメールアドレス"
EMAIL_PASSWORD = "いまのパスワード"
EMAIL_SUBMIT = "確認メールを送る"
EMAIL_SENT = "新しいアドレスに確認メールを送りました。メールのボタンを押すと変更が終わります"
EMAIL_CHANGE = "メールアドレスを変更する"

PASSWORD = "パスワード"
PASSWORD_CURRENT = "いまのパスワード"
PASSWORD_SUBMIT = "パスワードを変更する"
PASSWORD_DONE = "パスワードを変更しました。ほかの端末はログアウトしました"
PASSWORD_NOTE = "変更すると、この端末のほかはすべてログアウトします。"
ELSEWHERE = "外部のアカウントでログインしています。メールアドレスとパスワードは、そのアカウントの画面で変更してください。"

DEVICES = "ログイン中の端末"
DEVICES_LEAD = "心あたりのない端末があれば、ログアウトしてからパスワードを変更してください。"
THIS_DEVICE = "この端末"
DEVICE_UNKNOWN = "名前のわからない端末"
END = "ログアウトさせる"
ENDED = "ログアウトさせました"
END_OTHERS = "ほかの端末をすべてログアウト"
ENDED_OTHERS = "ほかの端末をログアウトさせました"
NO_OTHERS = "ほかの端末ではログインしていません。"

NOTICES = "お知らせメール"
NOTICES_ALWAYS = "いつもお送りするもの"
NOTICES_ALWAYS_TEXT = (
    "予約の完了とキャンセル、日時の変更や休講、お支払い、ログインに関わるメールは、止めることができません。"
)
NOTICES_SCHOOL = "予約とキャンセル、お支払い、ログインに関わる大切なメールだけをお送りしています。止められるものはありません。"
FLAGS = {
    "reminders": ("レッスンの前日のお知らせ", "止めても、予約の完了と休講のメールは届きます"),
    "review_requests": ("口コミのお願い", "止めても、口コミはいつでも書けます"),
    "ticket_notices": ("チケットの残りと期限のお知らせ", "止めても、お支払いとお届けのメールは届きます"),
    "points_notices": ("ポイントと紹介のお知らせ", "止めても、ポイントはそのまま貯まります"),
    "digest": (
        "保存した条件の新しい枠（週に1回）",
        "検索で保存した条件に新しい枠が出たとき、月曜の朝にお知らせします。はじめは止めてあります",
    ),
}

EXPORT = "データのダウンロード"
EXPORT_TEXT = "保存されているあなたのデータを、まとめて受け取れます（ZIP。中身はJSONとCSV）。"
EXPORT_OWNER = "代表の方は、お子さまとご家族のデータも入ります。"
EXPORT_LOOKS = "教室や運営が、ご家族の情報を見た記録も入っています。"
EXPORT_LIMIT = f"1日に{EXPORTS.count}回まで受け取れます。"
EXPORT_SUBMIT = "ダウンロード"

CONSENTS = "同意の記録"
CONSENTS_NONE = "記録はまだありません。"
DOCUMENTS = {
    "terms": (TERMS, "/legal/terms"),
    "privacy": (PRIVACY, "/legal/privacy"),
    "child_profile": ("お子さまの情報の取り扱い", "/legal/privacy"),
    "subscription": ("プランのお申し込み", "/legal/tokushoho"),
}

CLOSE = "退会"
CLOSE_LEAD = "アカウントとデータを消します。"
CLOSE_OPEN = "退会の手続きへ"
CLOSE_TITLE = "退会しますか"
CLOSE_POINTS = (
    "すべての端末で、すぐにログアウトします",
    f"{_DAYS}日の間は、お送りするメールから取り消せます。その後、個人データを消去します",
    "書いた口コミは、名前のわからない形で残ります",
)
CLOSE_LOST = "残っているチケットとポイントは使えなくなります"
CLOSE_KEPT = "ご家族のチケットとポイントは、残る保護者の方が引き続き使えます"
CLOSE_CALENDAR = "ご家族のカレンダーアプリ用のアドレスは使えなくなります。お使いのときは、残る保護者の方が作り直してください"
CLOSE_AGREE = "内容を確かめました"
CLOSE_AGREE_MISSING = "内容を確かめて、チェックを入れてください"
CLOSE_SUBMIT = "退会する"
CLOSE_PLAN = "ご利用中のプランもすぐに終わり、今後のお支払いはありません。お支払い済みの分は返金されず、取り消してもプランは戻りません。"
CLOSE_ADMIN = "運営のアカウントは、ほかの運営の担当者が閉じます。"

GOODBYE_TITLE = "退会の手続きが完了しました"
GOODBYE_TEXT = f"ご利用ありがとうございました。{_DAYS}日の間は、お送りしたメールから取り消せます。"

KIDS_TITLE = (("設定", "せってい"),)
KIDS_NAME = "なまえ"
KIDS_NAME_NOTE = "なまえや パスコードを かえたいときは、おうちの人に おねがいしてね。"
KIDS_LOGIN_NAME = "ログインネーム"
KIDS_FAMILY_CODE = "ファミリーコード"
KIDS_DEVICES = "ログインしている ばしょ"
KIDS_THIS_DEVICE = "ここ"
KIDS_END = "ログアウトする"
KIDS_EXPORT = "じぶんの きろく"
KIDS_EXPORT_TEXT = "よやくや かんそうの きろくを もらえるよ。おうちの人と いっしょに ひらいてね。"
KIDS_EXPORT_SUBMIT = "もらう"
KIDS_EXPORT_FAILED = "いま つながりにくいよ。すこし まってから やってみてね"
KIDS_EXPORT_REFUSALS = {
    "rate_limited": "きょうは たくさん もらったよ。あしたに なったら、また もらえるよ",
    "unauthenticated": "ログインしてね",
}
KIDS_LEGAL = "きまりは、この ページの いちばん下から よめるよ。"


def device_name(browser: str, system: str) -> str:
    """Chrome（Windows）."""
    if not browser:
        return system or DEVICE_UNKNOWN
    return f"{browser}（{system}）" if system else browser


def device_of(person: str, acting_as: str) -> str:
    """Whose device it is, when it is not simply one's own."""
    if acting_as:
        return f"子どもモード: {acting_as}さん"
    return f"{person}さんの端末" if person else ""


def last_seen(moment: datetime) -> str:
    """最後に使った時刻."""
    return f"最後に使った時刻: {dates.moment_label(moment)}ごろ"


def end_label(name: str) -> str:
    """The name of one button that ends a device."""
    return f"{name}を{END}"


def agreed(version: str, moment: datetime) -> str:
    """版と日時."""
    day = clock.jst(moment)
    return f"{version}版・{day.year}年{day.month}月{day.day}日 {day:%H:%M}に同意"


def schools_need_owner(count: int) -> str:
    """Why the last owner of a school cannot go."""
    return f"{count}つの教室で、あなたがただ一人の管理者です。先に別の方へ管理者を引き継いでください。"


def family_ends(children: int, lessons: int) -> str:
    """What goes along with the last guardian; empty when nothing does."""
    parts = [f"お子さま{children}人のアカウントも、いっしょに退会となります"] if children else []
    parts += [f"これからの予約{lessons}件はキャンセルされます"] if lessons else []
    return "。".join(parts)


def family_passes(heir: str) -> str:
    """Who takes over; empty when nobody has to."""
    return f"家族の代表は、{heir}さんに引き継がれます" if heir else ""
