"""What became of a reported or held review, in words."""

from typing import Final

_FOR_AUTHOR: Final = {
    "dismiss": "口コミを公開しました",
    "hide": "口コミを非表示にしました",
    "remove": "口コミを削除しました",
    "warn": "口コミを非表示にしました。次回からガイドラインに沿った投稿をお願いします",
    "suspend": "口コミを削除しました。30日間、新しい口コミを投稿できません",
}


_GONE: Final = {
    "suspend": "削除された口コミを確認しました。30日間、新しい口コミを投稿できません",
}


def decision(action: str, gone: bool) -> str:
    """The decision as its author reads it, who may have deleted the review meanwhile."""
    return _GONE.get(action, _FOR_AUTHOR[action]) if gone else _FOR_AUTHOR[action]
