"""Words of the pages of schools and instructors, and what may be told of who wrote a review (G41)."""

_GRADES = {"years": "{}歳", "elementary": "小{}", "junior_high": "中{}", "high": "高{}"}


def grade_label(stage: str, number: int) -> str:
    """小2, 4歳; empty when nothing is known."""
    return _GRADES[stage].format(number) if stage in _GRADES else ""


def author_label(kind: str, stage: str, number: int) -> str:
    """小2の子, 小2の子の保護者 or 小2の子と保護者: never a name."""
    grade = grade_label(stage, number)
    if kind == "child":
        return f"{grade}の子" if grade else "お子さま"
    if kind == "parent":
        return f"{grade}の子の保護者" if grade else "保護者"
    return f"{grade}の子と保護者" if grade else "親子"
