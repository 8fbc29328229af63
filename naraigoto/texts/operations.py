"""Lines for the people who run the site: what happened and what to do, one line each."""

PACKAGES_MISSING = (
    "PostgreSQLとPostGISが見つかりません。次を実行してください: "
    "sudo apt-get install --no-install-recommends postgresql postgresql-postgis"
    "（または DATABASE_URL に既存のデータベースを指定）"
)
NO_ACCOUNT = "rootではPostgreSQLを動かせません。postgresユーザーがありません。一般ユーザーで実行するか、postgresql を入れてください"
UNREACHABLE = (
    "データベース用の利用者 {account} が {folder} に入れません（フォルダー {closed} の権限）。"
    "NARAIGOTO_DATA=/var/lib/naraigoto のように、だれでも入れる場所を指定してください"
)
FOREIGN_FOLDER = "{folder} は利用者 {account} のものです。同じ利用者で実行するか、NARAIGOTO_DATA に別の場所を指定してください"
OTHER_MAJOR = (
    "{folder} のデータはPostgreSQL {made} で作られましたが、入っているのは {found} です。"
    "postgresql-{made} を入れるか、make clean でデータを作り直してください"
)
BROKEN = "PostgreSQLが動きません（{reason}）。記録: {log} — データを作り直すには make stop のあと make clean を実行してください"
STILL_HELD = "止まったPostgreSQLのプロセス {pids} が {folder} を使っています。少し待つか、kill {pids} を実行してください"
FOLDER_FAILED = (
    "フォルダー {folder} を用意できません（{reason}）。NARAIGOTO_DATA に書き込める場所を指定してください"
)

PORT_BUSY = (
    "ポート{port}は別のプログラムが使用中です。PORT={other} make run のように別のポートを指定してください"
)
NO_ANSWER = "サイトが起動しませんでした。上の記録を確認してください"
BUILD_FAILED = "画面を組み立てられませんでした。記録: {record}"
NO_BUNDLE = "画面がまだ組み立てられていません。make run で一度組み立ててください"
DATABASE_AWAY = "データベースに接続できません（{reason}）。DATABASE_URL を確認してください"
NOT_IN_PRODUCTION = "NARAIGOTO_ENV=production では実行できません"
NEEDS_CLUSTER = "DATABASE_URL が指定されているので、組み込みのデータベースは使いません"

STEP_CLUSTER = "データベースを起動"
STEP_MIGRATE = "テーブルを更新"
STEP_DEMO = "見本データを登録"
STEP_BUILD = "画面を組み立て"
STEP_SERVER = "サイトを起動"
READY = "習い事Prime が動いています: {url}"
DEMO_ACCOUNTS = """\
見本のアカウント（パスワードはすべて naraigoto-demo）
  保護者    parent@example.com     （プランあり） / parent2@example.com（プランなし）
  お子さま  家族コード DEMO01  ログイン名 hana または sota  あいことば 2580
  教室      owner@example.com / owner2@example.com
  運営      admin@example.com"""
PRACTICE = "練習用のStripe: {url}/dev/stripe （カードと時計を操作できます。受信箱は {url}/dev/mailbox）\n"
HOW_TO_END = "終了するには Ctrl-C を押してください"
STOPPED = "{count}個のサーバーを止めました"
NOTHING_RUNS = "動いているサーバーはありません"
CLUSTER_STOPPED = "データベースを止めました"

NEEDS_DATABASE_URL = "DATABASE_URL がありません。本番では組み込みのデータベースを使えません"
NEEDS_PUBLIC_URL = "PUBLIC_URL がないか、https:// で始まっていません"
NEEDS_NO_DEMO = "見本のアカウント（@example.com）がデータベースにあります。本番では使えません"
NEEDS_MAILER = "メールを送る手段がありません。手元の受信箱は本番では使えません"
WRONG_PROVIDER = {
    "two_providers": "OIDC_… と COGNITO_… の両方が指定されています。どちらか一方にしてください",
    "oidc_incomplete": "OIDC_ISSUER と OIDC_CLIENT_ID は両方を指定してください",
    "cognito_incomplete": "COGNITO_USER_POOL_ID、COGNITO_CLIENT_ID、COGNITO_DOMAIN、AWS_REGION はすべて指定してください",
    "not_https": "OIDC_ISSUER または COGNITO_DOMAIN が https:// で始まっていません（http:// は手元の開発でだけ使えます）",
}
NEEDS_CONTACT_EMAIL = "CONTACT_EMAIL が見本のままです。規約と表記のページに、問い合わせ先として載ります"
NEEDS_MAIL_FROM = "MAIL_FROM が見本のままです"
NEEDS_STRIPE = (
    "STRIPE_API_KEY と STRIPE_WEBHOOK_SECRET がありません。本番では組み込みの練習用Stripeを使えません"
)
LIVE_KEY_ASTRAY = "本番用のStripeの鍵があるのに STRIPE_API_BASE がStripe以外を指しています。STRIPE_API_BASE を外してください"
SANDBOX_BESIDE_LIVE_KEY = "本番用のStripeの鍵（sk_live_…）があるので、練習用のStripeは動かしません"
SANDBOX_SILENT = "練習用のStripeが起動しませんでした。上の記録を確認してください"
STEP_STRIPE = "練習用のStripeを起動"
SITE_ENDED = "サイトが予期せず終了しました（状態 {status}）。上の記録を確認してください"

HELP = "習い事Prime を動かす人のためのコマンド"
HELP_DB = "データベース"
HELP_DB_UP = "組み込みのデータベースを起動し、URLを表示する"
HELP_DB_DOWN = "組み込みのデータベースを止める"
HELP_DB_REMOVE = "組み込みのデータベースを、確認のうえ中身ごと消す"
HELP_DB_MIGRATE = "テーブルを最新（または指定した版）にする"
HELP_DB_PSQL = "データベースに psql でつなぐ"
HELP_REVISION = "版。head が最新、base が空の状態"
HELP_SQL = "1つだけ実行するSQL"
HELP_YES = "確認しない"
HELP_JOBS = "定期的な仕事"
HELP_OUTBOX = "送信待ちの通知"
HELP_USER = "利用者"
HELP_KEYS = "トークンに署名する鍵"
HELP_KEYS_LIST = "鍵の一覧と、いまの役割"
HELP_KEYS_ROTATE = "新しい鍵を作る（公開してから15分後に署名を始める）"
KEY_SIGNS = "署名中"
KEY_WAITS = "公開中（まもなく署名を始める）"
KEY_VERIFIES = "確認だけに使用"
KEY_KEPT = "送ったリンクのために保管"
KEY_MADE = "鍵 {kid} を作りました"
KEY_TOO_SOON = "前に作った鍵がまだ署名を始めていません。15分ほど待ってください"
JOB_KEYS = "トークンの鍵を取り替え、要らなくなった鍵を消す"
HELP_CONFIG = "設定"
HELP_CONFIG_CHECK = "すべての設定を説明し、本番で起動できない点があれば教える"
HELP_SERVE = "データベースからサイトまで、まとめて動かす（make run の中身）"
HELP_STOP = "動いているサイトと組み込みのデータベースを止める"
REALLY_REMOVE = "{folder} のデータベースを消します。よろしいですか"
SET = "指定"
DEFAULT = "既定"
WRONG_SETTING = "設定 {name} が正しくありません（{reason}）"
JOB_OUTBOX = "約束したメールを送る"
JOB_WAITLIST = "キャンセル待ちの席を次の人へ回し、戻るチケットを戻す"
JOB_WEBHOOKS = "Stripeからの知らせを処理する"
JOB_TICKET_EXPIRY = "期限の過ぎたチケットを失効させる"
JOB_TICKET_NOTICES = "チケットの残りと期限を知らせる"
JOB_RECONCILE = "支払いとチケットをStripeと照合する"
HELP_WEBHOOKS = "Stripeからの知らせ"
HELP_WEBHOOKS_LIST = "知らせの状態ごとの数と、処理できなかったもの"
HELP_WEBHOOKS_REPLAY = "処理できなかった知らせをもう一度処理する（指定がなければすべて）"
HELP_WEBHOOKS_IDS = "webhooks list に出るID"
REPLAYED = "{count}件をもう一度処理します"
WEBHOOKS_WAITING = "処理待ち"
WEBHOOKS_DONE = "処理済み"
WEBHOOKS_DEAD = "処理できなかった"
JOB_STATS = "教室の評価・件数・おすすめ順を計算し直す"
JOB_ERASE = "退会から30日たった人の個人データを消す"
JOB_DIGESTS = "保存した条件の新しい枠を、希望した保護者に週1回知らせる"
JOB_HOUSEKEEPING = "期限の切れたものを消す"
HELP_DEV = "書き換えるとすぐ反映される形で動かす（make dev の中身）"
HELP_DEMO = "空のデータベースに見本データを入れる。--schools で教室を増やす"
HELP_SCHOOLS = "追加する教室の数"
HELP_SEED = "同じ数なら同じ教室ができる"
HELP_WORKER = "定期的な仕事だけを別プロセスで動かす"
HELP_JOBS_LIST = "仕事の一覧と動く時刻"
HELP_JOBS_RUN = "仕事を1つ、いま（または --at の時刻として）実行する"
HELP_JOB_NAME = "jobs list に出る名前"
HELP_AT = "ISO 8601 の時刻。時差がなければ日本時間"
HELP_OUTBOX_LIST = "通知の状態ごとの数と、送れなかったもの"
HELP_OUTBOX_RETRY = "送れなかった通知をもう一度送る（指定がなければすべて）"
HELP_OUTBOX_IDS = "outbox list に出るID"
HELP_CREATE_ADMIN = "運営のアカウントを作る"
HELP_PASSWORD = "省くと、画面に出さずに尋ねる"
ASK_EMAIL = "メールアドレス"
ASK_NAME = "お名前"
ASK_PASSWORD = "パスワード"
ADMIN_CREATED = "運営のアカウント {email} を作りました（{id}）"
NO_SUCH_JOB = "{name} という仕事はありません。あるのは: {known}"
SCHOOLS_ADDED = "教室を{count:,}件追加しました（合計{made:,}件、{seconds:.1f}秒、毎秒{rate:,.0f}件）"
JOB_DONE = "{name}: {count}件"
RETRIED = "{count}件をもう一度送ります"
BAD_MOMENT = "{written} は時刻として読めません。2026-11-24T12:00:00+09:00 のように書いてください"


def seconds(spent: float, digits: int) -> str:
    """How long a step takes."""
    return f"{spent:.{digits}f}秒"
