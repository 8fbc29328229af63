"""Words of /login."""

TITLE = "ログイン"
HEADING = "ログイン"
WHO = "どなたですか"
TABS = (("adult", "保護者・教室"), ("child", "お子さま"))

EMAIL = "メールアドレス"
PASSWORD = "パスワード"
SHOW = "表示"
HIDE = "隠す"
SUBMIT = "ログイン"
REQUIRED = "入力してください"
WRONG = "ログインできませんでした。メールアドレスとパスワードを確かめてください"
FAILED = "ただいまつながりにくくなっています。少し時間をおいて、もう一度お試しください"

CHILD_LEAD = (("家", "いえ"), "の", ("人", "ひと"), "に おしえてもらった 3つを いれてね。")
FAMILY_CODE = "ファミリーコード"
FAMILY_CODE_HINT = ("アルファベットと ", ("数字", "すうじ"), "、6もじ")
LOGIN_NAME = "ログインネーム"
PASSCODE = "パスコード"
CHILD_SHOW = "みせる"
CHILD_HIDE = "かくす"
CHILD_SUBMIT = "はじめる"
CHILD_REQUIRED = "いれてね"
CHILD_WRONG = "はいれなかったよ。3つとも あっているか たしかめてね"
CHILD_FAILED = "いま つながりにくいよ。すこし まってから やってみてね"
CHILD_REFUSALS = {
    "rate_limited": "すこし おやすみしてから、もういちど やってみてね",
    "unavailable": CHILD_FAILED,
    "internal": CHILD_FAILED,
}

EXAMPLES = "お試し用のアカウント（押すと入力されます）"
EXAMPLE_PASSWORD = "naraigoto-demo"
EXAMPLE_ADULTS = (
    ("保護者", "parent@example.com"),
    ("保護者（プランなし）", "parent2@example.com"),
    ("教室", "owner@example.com"),
    ("別の教室", "owner2@example.com"),
    ("運営", "admin@example.com"),
)
EXAMPLE_FAMILY = "DEMO01"
EXAMPLE_PASSCODE = "2580"
EXAMPLE_CHILDREN = (("はな", "hana"), ("そうた", "sota"))

SIGNED_IN = "さんでログインしています"
MY_PAGE = "マイページへ"
OTHER = "別の人でログインするには、先にログアウトしてください。"

NEEDED_TITLE = "ログインが必要です"
NEEDED_TEXT = "ログインすると、このページを見られます。"
NEEDED_ACTION = "ログインする"
KIDS_NEEDED_TITLE = "ログインしてね"
KIDS_NEEDED_TEXT = "なまえを いれると、じぶんの ページが みられるよ。"
