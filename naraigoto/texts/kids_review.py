"""Words of /kids/review: kana, few words, and every kanji with its reading."""

from naraigoto.rules import REVIEW_COMMENT_MAX
from naraigoto.texts.kids import Line

TITLE = "レッスン どうだった？"
LEAD: Line = [("かおを ひとつ えらんでね。", "")]
SCHOOL: Line = [("レッスンは たのしかった？", "")]
TEACHER: Line = [("先生", "せんせい"), ("は どうだった？", "")]
TEACHER_LEAD: Line = [("かかなくても いいよ。", "")]
STAMPS: Line = [("あてはまる スタンプを おしてね", "")]
WORDS: Line = [("ひとこと（なくても いいよ）", "")]
WORDS_MAX = REVIEW_COMMENT_MAX["child"]
WORDS_HINT = f"{WORDS_MAX}もじまで。なまえや でんわばんごうは かかないでね"
SEND: Line = [("みんなに つたえる", "")]
SAVE: Line = [("かきなおして つたえる", "")]
EDIT: Line = [("かきなおす", "")]
DELETE: Line = [("けす", "")]
DELETE_TITLE = "ほんとうに けす？"
DELETE_TEXT = "けすと もどせないよ。おなじ レッスンの かんそうは、もう かけないよ。"
SPENT = "けした かんそうだよ。おなじ レッスンの かんそうは、もう かけないよ。"
DELETE_YES: Line = [("けす", "")]
KEEP: Line = [("やめる", "")]
STOP: Line = [("やめる", "")]
DONE: Line = [("つたわったよ！ ありがとう", "")]
HELD_TITLE: Line = [("かいてくれて ありがとう", "")]
HELD_FOR = {
    "phone": "でんわばんごうみたいな すうじ",
    "address": "じゅうしょみたいな ことば",
    "email": "メールアドレスみたいな もじ",
    "url": "ホームページの アドレスみたいな もじ",
    "contact": "れんらくさきみたいな もじ",
    "school": "がっこうや えんの なまえみたいな ことば",
    "word": "よんだ人が かなしく なるかもしれない ことば",
}
HELD_OTHERWISE = "たしかめたい ことば"
NOT_YET = "いまは みえないよ"
NOT_SHOWN = "いまは みんなには みえないよ。おうちの人に きいてみよう。"
DELETED = "けしたよ"
CHOOSE_FACE = "かおを えらんでね"
UNCHANGED = "まだ かわって いないよ"
ADD_OTHER: Line = [("つづけて かく", "")]
HOME: Line = [("きょうの ページへ", "")]
WRITTEN: Line = [("きみの こえ", "")]
DUE_TITLE: Line = [("レッスンの かんそうを おしえてね", "")]
TO_WRITE: Line = [("かんそうを かく", "")]

# What a stamp writes into the comment, and how the child sees it.
STAMPS_WORDS: tuple[tuple[str, Line], ...] = (
    ("またいきたい！", [("また いきたい！", "")]),
    ("できるようになった！", [("できるように なった！", "")]),
    ("先生がやさしい！", [("先生", "せんせい"), ("が やさしい！", "")]),
    ("ともだちができた！", [("ともだちが できた！", "")]),
    ("ちょっとむずかしい。", [("ちょっと むずかしい。", "")]),
    ("どきどきした！", [("どきどきした！", "")]),
)


def kept() -> list[str]:
    """The stamps as they stand in comments, in their order."""
    return [words for words, _shown in STAMPS_WORDS]


def compose(tapped: list[str], words: str) -> str:
    """A child's comment: the stamps in one line, its own words below."""
    return "\n".join(part for part in ("".join(tapped), words.strip()) if part)


def take_apart(comment: str) -> tuple[list[str], str]:
    """The stamps and the own words of a comment."""
    first, _, rest = comment.partition("\n")
    tapped: list[str] = []
    while stamp := next((words for words in kept() if first.startswith(words)), ""):
        tapped.append(stamp)
        first = first.removeprefix(stamp)
    # A line that is not made of stamps alone was written by hand.
    return (tapped, rest) if not first else ([], comment)


def points(count: int) -> str:
    """50ポイント もらったよ; empty for none."""
    return f"{count}ポイント もらったよ" if count else ""


def held(reasons: list[str]) -> str:
    """Why the words wait, without blame; empty for no reason."""
    found = list(dict.fromkeys(HELD_FOR.get(reason, HELD_OTHERWISE) for reason in reasons))
    return (
        f"{'と '.join(found)}が あったから、おとなが たしかめるね。かきなおしても いいよ。" if found else ""
    )
