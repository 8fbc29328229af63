"""What the plans are called (D1)."""

NAMES = {"light": "ライト", "standard": "スタンダード", "family": "ファミリー"}


def name(plan: str) -> str:
    """スタンダード; nothing for what is no plan (any more)."""
    return NAMES.get(plan, "")
