"""Where a child can be found: addresses, and the names of schools and nurseries that children attend."""

import re

_NUMBER = r"[0-9〇一二三四五六七八九十百]{1,4}"
_ADDRESS = re.compile(
    rf"〒\s?\d{{3}}-?\d{{4}}"
    rf"|(?<!\d)\d{{3}}-\d{{4}}(?=\s?\S{{0,3}}[都道府県市区])"
    rf"|[都道府県市区町村郡][^\s、。!?0-9]{{0,12}}?{_NUMBER}\s?(?:丁目|番地|-\s?\d{{1,4}}\s?-|番\s?{_NUMBER}\s?号)"
    rf"|{_NUMBER}\s?丁目\s?(?:の)?\s?{_NUMBER}(?:\s?番|\s?-|の{_NUMBER})"
    rf"|{_NUMBER}\s?番地|{_NUMBER}\s?番\s?{_NUMBER}\s?号(?!車)"
    rf"|[一-龠]{{2,6}}\s?\d{{1,2}}-\d{{1,3}}-\d{{1,4}}"
    r"|(?:まんしょん|あぱーと|はいつ|こーぽ|れじでんす|はいむ|めぞん|びる|荘)[^\s、。]{0,6}?\d{2,4}\s?号"
)

_KINDS = (
    r"(?:小学校|中学校|高等学校|高校|幼稚園|保育園|保育所"
    r"|こども園|幼稚舎|学童(?:くらぶ|保育)|小中学校|特別支援学校)"
)
_RUN = re.compile(
    rf"(?P<name>[一-龠々ヶ]{{2,12}}|(?<![ぁ-ん])[ぁ-んー]{{2,8}}?|[一-龠々ヶ]{{1,4}}[ぁ-んー]{{1,6}}|[ぁ-ん]{{1,3}}[一-龠々]{{1,3}}"
    rf"|[a-z]{{2,12}})(?P<kind>{_KINDS}|第[一二三四五六七八九十\d]{{1,2}}(?:小学校|中学校|幼稚園|保育園|小|中)(?![学生さ児]))"
)
_SHORT = re.compile(
    r"(?P<name>[一-龠々]{2,5})(?P<kind>小|中|幼稚園|保育園)(?:学校)?"
    r"(?=(?:に|へ)(?:通|かよ|行|いっ)|の[1-6一二三四五六]年|[1-6一二三四五六]年\s?[1-9一二三四五六]?組?)"
)
# What stands before 「小学校」 without naming one.
_NO_NAMES = re.compile(
    r"(?:(?:公立|私立|国立|県立|都立|市立|区立|町立|村立|地元|近所|近隣|近く|地域|学区|同|同じ|別|違|他|各|全国|今|前|元|母校"
    r"|息子|娘|長男|長女|次男|次女|兄|姉|弟|妹|子|子供|我が子|孫|今年|来年|去年|昨年|今春|来春|春|秋|月|年|毎日|普段|平日"
    r"|現在|以前|昔|当時|放課後|小規模|大規模|認可|認可外|認証|企業主導型|普通|附属|付属|一貫|有名|名門|受験|希望|志望|第一志望"
    r"|併設|隣|入学|卒業|進学|上級|下級|公私立|市内|区内|都内|県内|町内|校区|一般|日本|海外|英語|通常|最近|一緒|大人|友達"
    r"|先生|自分|自宅|時|頃|間|後|年長|年中|年少|学年|新|旧|本当|今日|昨日|明日|週末|午前|午後|一番|週一|不登校|学校|元々)+|.)"
)
_PLAIN = re.compile(r"(?:市立|区立|町立|村立|都立|県立|府立|国立|私立|公立|地元の?|近所の?)")
_PARTICLES = tuple("のはがをにへともでやかなるいたてけくうしつきよばらりれずんだねさ")
_NAMES = re.compile(
    r"(?:ひかり|さくら|ひまわり|あおば|わかば|みどり|あさひ|ひので|つくし|すみれ|たんぽぽ|ふたば|こばと|めぐみ|あゆみ|みのり|ひばり|のぞみ"
    r"|あけぼの|若葉|まりあ|すずらん|こすもす|ちゅうりっぷ|にじいろ|にじ|そら|ほし|もみじ|かえで|つばさ|つばめ|どんぐり|りす|うさぎ|こぐま|あいりす|まーがれっと|聖)"
)


def address(folded: str) -> bool:
    """A postal code, a street with its number, a building with its room."""
    return _ADDRESS.search(folded) is not None


def school(folded: str) -> bool:
    """A school or nursery by name: 「神南小学校」, 「青葉小に通う」; not 「地元の小学校」."""
    return any(_names(match["name"]) for match in _RUN.finditer(folded)) or any(
        _names(match["name"]) for match in _SHORT.finditer(folded)
    )


def _names(before: str) -> bool:
    own = _PLAIN.sub("", before)
    if _NAMES.search(own):
        return True
    if not own or _NO_NAMES.fullmatch(own):
        return False
    # In hiragana a name cannot be told from the end of a phrase, except by the names that are usual.
    return not own.endswith(_PARTICLES)
