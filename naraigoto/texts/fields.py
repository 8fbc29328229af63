"""What is wrong with a single field, by a short reason key."""

from naraigoto.rules import PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN

_FIELDS = {
    "missing": "入力してください",
    "required": "入力してください",
    "blank": "入力してください",
    "string_too_short": "短すぎます",
    "string_too_long": "長すぎます",
    "too_short": "短すぎます",
    "too_long": "長すぎます",
    "email": "メールアドレスの形が正しくありません",
    "taken": "すでに使われています",
    "wrong": "正しくありません。もう一度確かめてください",
    "same": "いまお使いのものと同じです",
    "consent": "同意をいただけないと登録できません",
    "families_only": "保護者の方のご登録でだけ使えます",
    "password_short": f"{PASSWORD_LENGTH_MIN}文字以上にしてください。短い言葉を3つ並べると、長くても覚えやすくなります",
    "password_long": f"{PASSWORD_LENGTH_MAX}文字までにしてください",
    "password_common": "多くの人が使っていて、すぐに試されてしまうパスワードです。関係のない言葉を3つ並べてみてください",
    "password_own": "お名前やメールアドレスと同じパスワードは使えません。関係のない言葉を3つ並べてみてください",
    "password_repeated": "同じ文字や並び順のくり返しは、すぐに見破られます。関係のない言葉を3つ並べてみてください",
    "uuid_parsing": "番号の形が正しくありません",
    "int_parsing": "数字で入力してください",
    "enum": "選べない値です",
    "literal_error": "選べない値です",
    "invalid": "読み取れない値です",
    "out_of_range": "範囲の外です",
    "unknown": "見つかりません",
    "cursor": "続きの位置を読み取れません。最初から読み込んでください",
    "extra_forbidden": "使えない項目です",
    "json_invalid": "JSONとして読めません",
    "instructor": "この枠では選べない先生です",
    "idempotency_key": "255文字までの半角英数字と記号で指定してください",
    "login_name": "文字と数字で入力してください（最初は文字か数字。記号は - _ . が使えます）",
    "login_name_taken": "ご家族の中ですでに使われています",
    "passcode": "半角の数字か英字で入力してください",
    "passcode_length": "4〜12文字で入力してください",
    "passcode_easy": "0000や1234、名前、生まれた年のような、すぐ分かるものは使えません",
    "birth": "0〜18歳になる生まれた年と月を選んでください",
    "redirect_uri": "このサイトの戻り先（/auth/callback）を指定してください",
    "plan": "選べるプランではありません",
    "reason": "理由を200文字までで入力してください",
    "delta": "1〜100枚の増減を、0以外の整数で指定してください",
    "month": "先月・今月のどちらかの月を指定してください",
    "rating": "1〜5のどれかを選んでください",
    "target": "この予約の教室か先生を選んでください",
    "review_short": "10文字以上で書いてください",
    "review_long": "1,000文字までにしてください",
    "child_long": "200文字までにしてください",
    "html": "HTMLのタグは使えません",
    "reply_long": "1,000文字までにしてください",
    "contact": "電話番号・住所・メールアドレス・URLや、人を傷つける言葉は書けません",
    "note_long": "500文字までにしてください",
    "nothing": "変更する内容を入力してください",
    "moment": "日付（2026-12-05）か、時差つきの日時で指定してください",
}
_FIELD_OTHERWISE = "入力した内容を確かめてください"


def field_problem(key: str) -> str:
    """What is wrong with one field, by the short reason key."""
    return _FIELDS.get(key, _FIELD_OTHERWISE)
