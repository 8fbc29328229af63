"""What became of a reported or held review, in words."""

from typing import Final

_FOR_AUTHOR: Final = {
    "dismiss": "口コミを公開しました",
    "hide": "口コミを非表示にしました",
    "remove": "口コミを削除しました",
    "warn": "口コミを非表示にしました。次回からガイドラインに沿った投稿をお願いします",
    "suspend": "口コミを削除しました。30日間、新しい口コミを投稿できません",
}


def decision(action: str) -> str:
    """The decision as its author reads it."""
    return _FOR_AUTHOR[action]
