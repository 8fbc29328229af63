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
