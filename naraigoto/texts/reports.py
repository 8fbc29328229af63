"""Words of /admin/reports: the desk at which reported, held and appealed reviews are decided."""

from datetime import timedelta

from naraigoto.rules import DECISION_NOTE_MAX, REVIEWS_SUSPENDED_FOR

TITLE = "通報と確認待ち"
LEAD = "急ぐものから並んでいます。判断は書いた人と通報した人に届き、操作の記録に残ります。"
REFRESH = "更新する"
TABS = (("open", "確認待ち"), ("decided", "判断済み"))
SECTIONS = "通報の種類"
NONE = "確認を待っているものはありません"
NONE_TEXT = "新しい通報や確認待ちの口コミがあると、ここに並びます。"
URGENT = "急ぎ"
HELD = "自動で確認待ち"
REPORTED = "通報"
APPEALED = "異議の申し立て"
LOOK = "内容を見て判断する"

REASONS = {
    "personal_data": "個人情報",
    "defamation": "誹謗中傷",
    "false": "虚偽",
    "advertising": "宣伝",
    "child_safety": "児童の安全",
    "other": "その他",
}
REASONS_TITLE = "理由"
AUTHOR = "書いた人"
REPORTER = "通報した人"
SCHOOL = "教室"
STATUS = "いまの状態"
OTHER_VOICE = "同じレッスンのもう一方の声"
APPEAL_TEXT = "申し立ての内容"
THING = "口コミ"

ACTION = "判断"
ACTIONS = (
    ("dismiss", "問題なし", "公開に戻し、通報を閉じます"),
    ("hide", "非表示にする", "ほかの人に見えなくします"),
    ("remove", "削除する", "公開を取りやめ、付与したポイントを取り消します"),
    ("warn", "非表示にして注意する", "書いた人にガイドラインを伝えます"),
    (
        "suspend",
        "削除して投稿を止める",
        f"書いた人は{REVIEWS_SUSPENDED_FOR.days}日間、口コミを投稿できません",
    ),
)
APPEAL_ACTIONS = (
    ("grant", "申し立てを認める", "口コミを公開に戻します"),
    ("reject", "申し立てを認めない", "いまの判断を続けます"),
)
NOTE = "理由（書いたご家族に届きます）"
NOTE_HINT = (
    f"{DECISION_NOTE_MAX}文字まで。どの言葉がどのルールに合わないかを、短く書いてください。"
    "通報した人には結果だけが届きます。公開中の口コミを「問題なし」とするときは、記録だけに残ります。"
)
APPEAL_NOTE_HINT = f"{DECISION_NOTE_MAX}文字まで。どう見直したかを、短く書いてください。"
NOTE_MAX = DECISION_NOTE_MAX
DECIDE = "この判断で決める"
ACTION_MISSING = "判断を選んでください"
DECIDED = "判断を記録しました"
BACK = "一覧に戻る"

NUMBERS = "透明性レポート（月ごと）"
NUMBERS_LEAD = "公開用の数字です。人や教室の名前は入りません。"
MONTH = "月"
POSTED = "投稿された口コミ"
DISMISSED = "問題なしとした通報"
UPHELD = "認めた通報"
HIDDEN = "非表示にした口コミ"
REMOVED = "削除した口コミ"
GRANTED = "認めた申し立て"
MEDIAN = "通報から判断まで（中央値）"
TARGETS = {"school": "教室", "instructor": "先生"}
FOUND = "見つかった言葉"
SETTLED = "判断の理由"


def waiting(count: int) -> str:
    """3件が待っています."""
    return f"{count}件が待っています" if count else ""


def history_author(posted: int, upheld: int, removed: int, warned: int) -> str:
    """What is known of the author."""
    return f"口コミ{posted}件・通報が認められた{upheld}件・削除{removed}件・注意{warned}件"


def suspended(until: str) -> str:
    """Until when the author writes nothing."""
    return f"・{until}まで投稿停止中"


def history_reporter(made: int, upheld: int, dismissed: int) -> str:
    """What is known of the reporter."""
    return f"これまでの通報{made}件（認められた{upheld}件・問題なし{dismissed}件）"


def since(moment: str, age: timedelta) -> str:
    """12/4(金) 20:00（3時間前）."""
    hours = age // timedelta(hours=1)
    ago = f"{hours // 24}日前" if hours >= 24 else f"{hours}時間前" if hours else "たった今"
    return f"{moment}（{ago}）"


def decided(action: str, moment: str) -> str:
    """What was decided and when."""
    names = {key: name for key, name, _note in ACTIONS}
    return f"{moment} {names.get(action, action)}"


def count(number: int) -> str:
    """3件."""
    return f"{number:,}件"


def hours(median: float | None) -> str:
    """2.5時間."""
    return "–" if median is None else f"{median}時間"


def month(year: int, number: int) -> str:
    """2026年11月."""
    return f"{year}年{number}月"
