"""Numbers with their units as people read them."""


def distance(metres: int | None) -> str:
    """650 m, 1.2 km, or nothing when no place was given."""
    if metres is None:
        return ""
    return f"{metres} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def yen(amount: int) -> str:
    """¥6,980."""
    return f"¥{amount:,}"


def rating(average: float | None) -> str:
    """4.5, or nothing while the rating is being prepared (G44)."""
    return "" if average is None else f"{average:.1f}"


def tickets_from(count: int) -> str:
    """1枚〜: what a lesson costs at least, short enough for a pin."""
    return f"{count}枚〜"


def next_slot(when: str, open_slots: int) -> str:
    """11/26(木) 15:30（2週間に14枠）: what おすすめ順 looks at, too (D20)."""
    return f"{when}（2週間に{open_slots}枠）" if open_slots else when
