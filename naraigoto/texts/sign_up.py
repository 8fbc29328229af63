"""Words of /signup, /verify and /reset, and of the banner for addresses that are not proved yet."""

from naraigoto.rules import PASSWORD_LENGTH_MIN

TITLE = "無料ではじめる"
HEADING = "無料ではじめる"
LEAD = "登録は2分ほどで終わります。教室をさがすのも口コミを読むのも、ずっと無料です。"
INVITED_HEADING = "家族の招待で登録する"
INVITED_LEAD = "登録すると、招待してくれた方の家族に加わります。"

KIND = "登録する方"
KINDS = (
    ("parent", "保護者", "お子さまの習い事をさがして予約する"),
    ("school_owner", "教室", "体験レッスンを載せて生徒を迎える"),
)
NAME = "お名前（ニックネーム可）"
NAME_HINT = "予約した教室に表示されます"
EMAIL_HINT = "確認のメールをお送りします"
NEW_PASSWORD = "新しいパスワード"
PASSWORD_HINT = f"{PASSWORD_LENGTH_MIN}文字以上。短い言葉を3つ並べると、長くても覚えやすくなります"
STRENGTH_SHORT = f"あと{{n}}文字（{PASSWORD_LENGTH_MIN}文字以上）"
STRENGTH_FAIR = "使える長さです。もう少し長いと、さらに安心です"
STRENGTH_STRONG = "十分な長さです"
STRENGTH_LEAST = PASSWORD_LENGTH_MIN
STRENGTH_GOOD = 15
REFERRAL = "紹介コード"
REFERRAL_HINT = "お友だちから受け取った8文字のコード"
OPTIONAL = "任意"
AGREE = "利用規約とプライバシーポリシーに同意します"
AGREE_MISSING = "登録には同意が必要です。内容を確かめて、チェックを入れてください"
TERMS = "利用規約を読む"
PRIVACY = "プライバシーポリシーを読む"
SUBMIT = "登録する"
REQUIRED = "入力してください"
FAILED = "ただいまつながりにくくなっています。少し時間をおいて、もう一度お試しください"
HAVE_ACCOUNT = "すでに登録している方は"
TO_LOGIN = "ログイン"

VERIFY_TITLE = "メールアドレスの確認"
VERIFY_LEAD = "下のボタンを押すと、メールアドレスの確認が終わります。"
VERIFY_SUBMIT = "確認する"
VERIFIED = "メールアドレスを確認しました。ありがとうございます"
VERIFY_NO_TOKEN = "このページは、確認メールのボタンから開いてください。"
LINK_USED = "このリンクは使えません。期限が切れたか、すでに使われています。ログインすると、確認メールをもう一度送れます"
TO_HOME = "ホームへ進む"

RESET_TITLE = "パスワードの再設定"
RESET_LEAD = "登録したメールアドレスに、新しいパスワードを決めるためのリンクをお送りします。"
RESET_SUBMIT = "リンクを送る"
RESET_SENT = "登録のあるアドレスでしたら、数分でメールが届きます。届かないときは、迷惑メールのフォルダも確かめてください"
CHOOSE_LEAD = "新しいパスワードを決めると、すべての端末からログアウトします。"
CHOOSE_SUBMIT = "パスワードを変更する"
RESET_USED = (
    "このリンクは使えません。期限が切れたか、すでに使われています。下のリンクから、もう一度お申し込みください"
)
RESET_AGAIN = "もう一度メールを受け取る"
RESET_DONE = "パスワードを変更しました。新しいパスワードでログインしてください"

UNVERIFIED = "メールアドレスの確認がまだです。届いたメールのボタンを押してください。"
SEND_AGAIN = "確認メールをもう一度送る"
SENT_AGAIN = "送りました。数分たっても届かないときは、迷惑メールのフォルダも確かめてください"

NEW_HERE = "はじめての方は"
BEGIN = "無料ではじめる"
FORGOTTEN = "パスワードを忘れた方"
