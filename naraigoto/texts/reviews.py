"""Words of reviews: writing them, reading them, the two voices beside each other."""

from datetime import datetime, timedelta

from naraigoto.rules import APPEAL_MAX, REPORT_COMMENT_MAX, REVIEW_COMMENT_MAX, REVIEW_COMMENT_MIN
from naraigoto.texts import dates

TITLE = "口コミを書く"
WRITE = "口コミを書く"
WRITE_OR_SEE = "口コミを書く・見る"
SEE_OWN = "書いた口コミを見る"
BACK = "予約の内容へ"
LEAD = "感じたことを、そのまま教えてください。お名前は公開されません。"
POINTS_NOTE = "投稿でポイント付与（評価内容は不問）"
OF_SCHOOL = "教室について"
SCHOOL_QUESTION = "教室はいかがでしたか"
TEACHER_QUESTION = "先生はいかがでしたか"
TEACHER_OPTIONAL = "先生の口コミは、書かなくてもかまいません。"
COMMENT = "コメント"
COMMENT_MAX = REVIEW_COMMENT_MAX["parent"]
COMMENT_HINT = f"{REVIEW_COMMENT_MIN['parent']}〜{REVIEW_COMMENT_MAX['parent']:,}文字。お子さまの様子、先生の声かけ、通いやすさなど"
TEACHER_HINT = f"{REVIEW_COMMENT_MIN['parent']}〜{REVIEW_COMMENT_MAX['parent']:,}文字。説明の分かりやすさ、お子さまとの相性など"
CARE = "お名前・電話番号・住所・学校名など、ご家族が分かることは書かないでください。"
PUBLISH = "口コミを公開する"
SAVE = "書き直した内容で公開する"
EDIT = "書き直す"
DELETE = "削除する"
DELETE_TITLE = "口コミを削除しますか"
DELETE_TEXT = (
    "削除すると元に戻せません。付与されたポイントも取り消されます。"
    "同じレッスンの口コミは、もう一度書けません。"
)
SPENT = "口コミを削除しました。同じレッスンの口コミは、もう一度書けません。"
DELETE_YES = "削除する"
KEEP = "残しておく"
KEEP_AS_IS = "やめる"
ADD_OTHER = "つづけて書く"
OF_TEACHER = "先生について　"
STARS = ("とても残念", "残念", "ふつう", "よかった", "とてもよかった")
POINTS = "点"
RATING_MISSING = "星を選んでください"
NOTHING = "教室か先生の、どちらかを書いてください"
UNCHANGED = "変わったところがありません。書いてから、もう一度押してください"

DONE = "口コミを公開しました"
DONE_TEXT = "次のご家族の参考になります。ありがとうございます。"
HELD_TITLE = "公開前に確認しています"
HELD_TEXT = "運営が確認してから公開します。書き直すと、すぐに公開できることがあります。"
DELETED = "口コミを削除しました"
TO_SCHOOL = "教室のページで見る"

HOLDS = {
    "phone": "電話番号のような数字",
    "address": "住所のような言葉",
    "email": "メールアドレスのような文字",
    "url": "URLのような文字",
    "contact": "連絡先のような文字",
    "school": "学校や園の名前のような言葉",
    "word": "読む人を傷つけるかもしれない言葉",
}
HOLD_OTHERWISE = "確認が必要な言葉"
STATUSES = {
    "published": "公開中",
    "held": "確認中",
    "hidden": "非表示",
    "removed": "削除（運営）",
    "deleted": "削除済み",
}
HIDDEN_TEXT = "通報があったため、運営が確認するまで表示していません。"
DECIDED_TEXT = "運営が確認し、非表示にしました"
GUARDIAN_HIDDEN_TEXT = "保護者の方が、ほかの人に見えないようにしています。"
REMOVED_TEXT = "ガイドラインに合わないと運営が判断したため、公開していません。"

BOTH = "親子の口コミ"
BOTH_LEAD = "同じレッスンの感じ方を、ならべて見られます。"
DUE = "口コミを書けるレッスン"
NOT_YET = "まだ投稿されていません"
CHILD_NOT_YET = "「子どもモード」にして渡すと、お子さまが顔とスタンプで書けます。"
HIDE_CHILD = "ほかの人に見えないようにする"
SHOW_CHILD = "また公開する"
HID = "お子さまの口コミを、ほかの人に見えないようにしました"
SHOWN_AGAIN = "お子さまの口コミを公開しました"
NO_FAMILY_REVIEWS = "口コミはまだありません"
NO_FAMILY_REVIEWS_TEXT = "出席したレッスンの口コミを書くと、お子さまの声とならんで、ここに残ります。"

FILTER = "口コミをしぼりこむ"
AGES_LABEL = "お子さまの年齢"
AGES = (
    ("", "すべての年齢"),
    ("preschool", "未就学"),
    ("lower", "小学校低学年"),
    ("upper", "小学校高学年"),
    ("teens", "中学生以上"),
)
SORT_LABEL = "並び順"
SORTS = (("newest", "新しい順"), ("helpful", "参考になった順"))
TEACHER_LABEL = "先生"
EVERYBODY = "教室への口コミ"
HELPFUL = "参考になった"
REPORT = "通報する"
NONE_FOUND = "この条件の口コミはありません"
NONE_FOUND_TEXT = "年齢や並び順を変えると見つかるかもしれません。"
HAPPY_NOTE = (
    "口コミは、出席したご家族だけが投稿できます。投稿でポイントが付きますが、評価の内容は問いません。"
)

REPORT_TITLE = "この口コミを通報"
REPORT_LEAD = "どんなところが気になりましたか。だれが通報したかは、書いた人に伝わりません。"
REASONS = (
    ("personal_data", "個人情報が書かれている"),
    ("defamation", "悪口や、人を傷つける言葉"),
    ("false", "事実とちがう"),
    ("advertising", "宣伝や勧誘"),
    ("child_safety", "子どもの安全にかかわる"),
    ("other", "その他"),
)
REASON = "理由"
REPORT_COMMENT = "くわしく（書かなくてもかまいません）"
REPORT_MAX = REPORT_COMMENT_MAX
REPORT_HINT = f"{REPORT_MAX}文字まで。"
REPORT_SEND = "通報する"
REPORT_DONE = "通報を受け付けました。確認した結果をメールでお知らせします"
REASON_MISSING = "理由を選んでください"
LOGIN_TO_VOTE = "「参考になった」を押すには、ログインが必要です"
LOGIN_TO_REPORT = "通報にはログインが必要です"

APPEAL = "異議を申し立てる"
APPEAL_LABEL = "運営に伝えたいこと"
APPEAL_LONGEST = APPEAL_MAX
APPEAL_HINT = f"{APPEAL_LONGEST}文字まで。申し立ては、ひとつの判断につき1回だけできます。"
APPEAL_SENT = "異議の申し立てを受け付けました"
APPEALS = {
    "open": "異議の申し立てを確認しています",
    "granted": "異議の申し立てが認められました",
    "rejected": "異議の申し立ては認められませんでした",
}


def points_offer(school: int | None, teacher: int | None) -> str:
    """What each review brings, whatever it says; None for one that cannot be written, empty for none at all."""
    offers = [(name, points) for name, points in (("教室", school), ("先生", teacher)) if points is not None]
    if offers and not any(points for _name, points in offers):
        return "今月の口コミのポイントは、上限に達しています"
    return "、".join(f"{name}の口コミで{points}ポイント" for name, points in offers)


def points_earned(points: int) -> str:
    """50ポイント獲得; empty for none."""
    return f"{points}ポイント獲得" if points else ""


def held(reasons: list[str]) -> str:
    """Why a text waits, kindly."""
    found = list(dict.fromkeys(HOLDS.get(reason, HOLD_OTHERWISE) for reason in reasons))
    return f"{'・'.join(found)}が入っているようです。" if found else ""


def editable(until: datetime, now: datetime) -> str:
    """書き直せます（あと36時間）."""
    hours = -(-(until - now) // timedelta(hours=1))
    return f"書き直しと削除ができます（あと{hours}時間）"


def closes(at: datetime) -> str:
    """Until when this lesson can be reviewed."""
    return f"{dates.moment_label(at)}まで書けます"


def gap(parent: int, child: int) -> str:
    """How two ratings of one lesson differ, without blame."""
    if parent == child:
        return "親子で同じ気持ちでした"
    if abs(parent - child) == 1:
        return "親子の気持ちは、ほぼ同じでした"
    if child > parent:
        return "お子さまのほうが、よい印象を持っていました"
    return "保護者の方のほうが、よい印象を持っていました"


def helpful(count: int) -> str:
    """参考になった 3."""
    return f"{HELPFUL} {count}" if count else HELPFUL


def report_label(author: str, date: str) -> str:
    """How the button that reports one review is called."""
    return f"{author}の口コミ（{date}）を通報する"


def office_note(note: str) -> str:
    """What the admin wrote to the author."""
    return f"（運営より: {note}）" if note else ""
