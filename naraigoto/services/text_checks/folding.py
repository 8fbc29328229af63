"""Make spellings comparable: width, case, kana, dashes, look-alikes, spaced-out and stretched words."""

import re
import unicodedata

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−─━﹣－"}
# Letters of other alphabets that look like Latin ones, and what stands for a sign in spoken addresses.
_LIKE = str.maketrans("аеорсухѕіјԁɡαοε", "aeopcyxsijdgaoe")
_GAPS = re.compile(r"[\s・_*+~|/\\.,、。!?'\"`^=:;…‥•●○◯★☆♪♡♥]+")
_SAME = re.compile(r"(.)\1{2,}")
_LENGTHENED = re.compile(r"(?<=[ぁ-ん])[ーー~〜-]+")

_READINGS = {
    "ぜろ": "0", "れい": "0", "まる": "0", "おー": "0",
    "いち": "1", "に": "2", "さん": "3", "よん": "4", "し": "4", "ご": "5", "ろく": "6",
    "なな": "7", "しち": "7", "はち": "8", "きゅう": "9", "く": "9",
}  # fmt: skip
_READ = "|".join(sorted(_READINGS, key=len, reverse=True))
_SPOKEN = re.compile(rf"(?:ぜろ|れい|まる|おー)(?:[\s・のー-]?(?:{_READ}))" r"{9,10}")
_READING = re.compile(_READ)
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_KANJI_RUN = re.compile(
    r"[〇零一二三四五六七八九0-9][〇零一二三四五六七八九0-9\s-]{8,}[〇零一二三四五六七八九0-9]"
)
_LONG_VOWEL = re.compile(r"(?<=[0-9〇零一二三四五六七八九])[ー~〜](?=[0-9〇零一二三四五六七八九])")
_LETTER_DIGITS = str.maketrans("oil|", "0111")
_LETTER_RUN = re.compile(r"(?<![a-z0-9])[0o][0-9oil|\s()./_-]{8,20}[0-9oil|](?![a-z0-9])")


def fold(text: str) -> str:
    """One spelling for all of these: ＡＢ, ab · ｶﾅ, カナ, かな · all dashes; spaces and punctuation stay."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_LIKE)
    return text.translate(_KATAKANA).translate(_DASHES)


def squeeze(folded: str) -> str:
    """Without the gaps and lengthenings with which people take words apart: 「ば・ー・か」 is 「ばか」."""
    return _SAME.sub(r"\1\1", _LENGTHENED.sub("", _GAPS.sub("", folded)))


def digits(folded: str) -> str:
    """Numbers in figures, however they were written: 〇九〇, ぜろきゅうぜろ, O9O."""
    folded = _SPOKEN.sub(lambda run: "".join(_READINGS[part] for part in _READING.findall(run[0])), folded)
    folded = _LONG_VOWEL.sub("-", folded)
    folded = _KANJI_RUN.sub(lambda run: run[0].translate(_KANJI_DIGITS), folded)
    return _LETTER_RUN.sub(lambda run: run[0].translate(_LETTER_DIGITS), folded)
