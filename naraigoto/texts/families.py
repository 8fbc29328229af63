"""Words of /family, /join and of what a family is called."""

from datetime import date, datetime

from naraigoto.texts import dates

TITLE = "家族"
LEAD = "お子さまの登録や、もう一人の保護者の招待ができます"


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
