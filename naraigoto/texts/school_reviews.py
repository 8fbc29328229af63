"""Words of /school/reviews."""

from datetime import datetime, timedelta

from naraigoto.rules import REPLY_MAX

TITLE = "口コミへの返信"
LEAD = "返信は1件につき1回、だれでも読める形で公開されます。感謝とていねいな言葉が、次のご家族に伝わります。"
TABS = (("waiting", "返信待ち"), ("all", "すべて"))
SECTIONS = "口コミの種類"
SCHOOL = "教室"
NONE_WAITING = "返信を待っている口コミはありません"
NONE = "口コミはまだありません"
NONE_TEXT = "出席したご家族が口コミを書くと、ここに並びます。"
REPLY = "返信する"
CHANGE = "返信を直す"
LABEL = "返信"
LONGEST = REPLY_MAX
HINT = (
    f"{REPLY_MAX:,}文字まで。お名前・連絡先など、ご家族が分かることは書けません。公開から48時間は直せます。"
)
SEND = "返信を公開する"
REPLIED = "返信を公開しました"
FIXED = "公開から48時間が過ぎたため、返信は変更できません"


def changeable(until: datetime, now: datetime) -> str:
    """How long the reply can still be changed."""
    hours = -(-(until - now) // timedelta(hours=1))
    return f"返信を直せます（あと{hours}時間）"
