"""How well held texts are recognised, measured on a labelled list; precision and recall are printed."""

import time
from collections.abc import Callable

import pytest

from naraigoto.services.text_checks import Finding, check, clean, has_html

# What must be seen, however it is spelled.
HELD: dict[Finding, list[str]] = {
    Finding.PHONE: [
        "電話は０９０−１２３４−５６７８です",
        "連絡先 080 1234 5678",
        "ぜろきゅうぜろいちにさんよんごろくななはち まで",
        "〇九〇 一二三四 五六七八",
        "O9O-l234-5678 にどうぞ",
        "03(1234)5678に電話しました",
        "+81 90 1234 5678",
        "0120-123-456",
        "０９０ー１２３４ー５６７８",
        "090.1234.5678",
        "09012345678",
    ],
    Finding.ADDRESS: [
        "東京都渋谷区神南1-2-3に住んでいます",
        "渋谷区神南一丁目二番三号",
        "〒150-0041",
        "うちは神南１丁目２−３です",
        "世田谷区桜丘5丁目12番",
        "港区芝公園4丁目2-8",
        "さくらマンション203号室です",
    ],
    Finding.EMAIL: [
        "taro@example.com",
        "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "taro あっと example どっと com",
        "taro(at)example.co.jp",
        "taro.yamada [at] example [dot] com",
        "hana_ko+1@mail.example.jp まで",
    ],
    Finding.URL: [
        "https://example.com/abc",
        "ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｃｏｍ",
        "example.com を見て",
        "www.example.jp",
        "h t t p : / / example",
        "くわしくは my-school.tokyo で",
    ],
    Finding.CONTACT: [
        "LINE ID: hanako123",
        "ラインのIDは hanako_m です",
        "インスタ @hana.ko をフォローしてね",
        "Instagram: hanako_piano",
    ],
    Finding.SCHOOL: [
        "神南小学校に通っています",
        "渋谷区立神南小学校の2年生",
        "ひかり幼稚園のお友達と一緒",
        "さくら保育園のときから",
        "青葉小に通う息子です",
        "若葉第二小の友達",
        "桜丘中学校の隣",
        "ヒマワリ幼稚園の年長",
    ],
    Finding.WORD: [
        "死ね",
        "タ ヒ ね",
        "ば・か",
        "バカみたいな教え方",
        "ﾊﾞｶ",
        "ばーーか",
        "馬鹿な先生",
        "ぶっ殺すぞ",
        "キモイ先生だった",
        "うざい",
        "クソみたいな教室",
        "ゴミみたいな授業",
        "役立たずの講師",
        "頭おかしい",
        "詐欺だと思う",
        "セクハラされた",
        "変態がいる",
        "副業で稼げます",
        "無能な先生",
        "くたばれ",
    ],
}
# What families really write; much of it holds the letters of the above by chance.
HARMLESS = """
先生がていねいで、楽しかったしね、また行きたいです。
おいしかったしね、と話していました
そればかり話しています
遊んでばかりいた子が集中するようになりました
できればかなり続けさせたいです
すればかならず上手になると言われました
地元の小学校の友達もできました
来年小学校に入学します
うちの保育園のあとに通えて助かります
公立小学校の授業とはちがう楽しさ
小2の子が毎週楽しみにしています
小学校低学年でも安心です
中学校に上がっても続けたい
幼稚園の年長から始めました
今通っている小学校から歩いて行けます
同じ学校の子がいて安心
10:00から10:50までのクラスでした
12/5の土曜日に行きました
2026年4月から始めて8か月です
月4回で6980円はありがたい
25mを泳げるようになりました
1-2-3のリズムで教えてくれます
15級から13級に上がりました
駅から徒歩5分、駐車場は3台
1対1で30分見てもらえます
渋谷区から自転車で10分です
ビルの3階なので雨でも安心です
水筒とタオルだけ持っていけば大丈夫
最初は泣いていましたが、3回目には笑顔でした
カスタネットを使った練習が楽しい
ゴミ拾いの時間もあって、よい経験でした
あほうどりの絵をかきました
消えろウイルスの実験が面白かったそうです
恐竜のキモは骨だそうです
きもちよく泳げた
きもいり役の先生がいる
親ばかですが上手でした
そばかすの先生が好き
言葉からやさしさが伝わる
AIのプログラミングが楽しい
Scratch 3.0を使います
ver.2の教材でした
先生のことばが心にのこりました
糸くずを拾う作業が好きだそう
クズ餅をつくる体験でした
ブスッとしていた子が笑いました
かんたんにできる工作
せんせいが やさしかった
たのしかった！またいきたい
プールが つめたかった
すこし むずかしかったけど がんばった
えをほめてもらった
ともだちができた
先生が少しこわかった
説明が早くて、ついていけませんでした
振替の連絡がおそく、少し不安でした
期待していたほどではありませんでした
体験のあとの勧誘がなくてよかった
駐車場が狭く、送り迎えが大変です
レッスンの前に5分ほど待ちました
兄弟で通っています
3歳の妹も一緒に見学できました
ピアノの発表会は年2回です
英語の歌を10曲おぼえました
サッカーで2点決めました
個人情報の扱いもきちんとしていました
電話の対応がていねいでした
メールの返信が早いです
ホームページを見て申し込みました
LINEで欠席の連絡ができて便利です
0歳から通えます
100点をとれました
縄とびが二十回とべた
三丁目の夕日の曲をひきました
先生の殺陣の演技に夢中です
大麻生駅の近くから通っています
""".strip().splitlines()


def measured() -> dict[Finding, tuple[int, int, int]]:
    """For each kind: seen rightly, seen wrongly, missed."""
    everything = [(text, {kind}) for kind, texts in HELD.items() for text in texts]
    everything += [(text, set()) for text in HARMLESS]
    found = [(set(check(text)), wanted) for text, wanted in everything]
    return {
        kind: (
            sum(kind in seen and kind in wanted for seen, wanted in found),
            sum(kind in seen and kind not in wanted for seen, wanted in found),
            sum(kind not in seen and kind in wanted for seen, wanted in found),
        )
        for kind in Finding
    }


def test_precision_and_recall_on_the_labelled_list() -> None:
    numbers = measured()
    right, wrong, missed = (sum(column) for column in zip(*numbers.values(), strict=True))
    for kind, (hits, false, lost) in numbers.items():
        print(f"{kind:8} precision {hits}/{hits + false}  recall {hits}/{hits + lost}")  # noqa: T201  # the figures are the result
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"all      precision {precision:.3f}  recall {recall:.3f}  ({len(HARMLESS)} harmless texts)")  # noqa: T201  # the figures are the result
    unseen = [text for kind, texts in HELD.items() for text in texts if kind not in check(text)]
    alarms = [text for text in HARMLESS if check(text)]
    print("missed:", unseen, "\nfalse alarms:", alarms)  # noqa: T201  # the figures are the result
    assert precision >= 0.95
    assert recall >= 0.95
    assert len(alarms) <= 2


# Repeated and joined they make the worst texts: long runs that almost match, from many beginnings.
_UNITS = [
    "a@",
    "0",
    "0-",
    "区1",
    "かな小",
    "あ",
    "http",
    "a.",
    "@a",
    "一",
    "ぜろ",
    "< a",
    "-",
    "a",
    "1.",
    "<",
    " ",
    "a.1",
]


@pytest.mark.parametrize("first", _UNITS)
def test_no_text_takes_long_to_look_at(first: str) -> None:
    check(clean(first))  # the list of words is read and compiled once
    for second in _UNITS:
        text = (first * 500)[:499] + "@" + (second * 500)[:500]
        assert _took(lambda text=text: check(clean(text))) < 0.02, second


@pytest.mark.parametrize(
    "text",
    ["<" + " " * 200_000 + "1", "<" * 200_000, "< " * 100_000, "a\u0315\u0300" * 70_000, "\n " * 100_000],
)
def test_a_text_beyond_every_limit_is_cleaned_and_looked_through_at_once(text: str) -> None:
    assert _took(lambda: has_html(clean(text))) < 0.5


@pytest.mark.parametrize(
    "text",
    ["<b>", "< b >", "</p>", "< / p>", "<!doctype html>", "<!-- -->", "<a href='x'>", "<?php echo 1 ?>"],
)
def test_a_tag_is_seen(text: str) -> None:
    assert has_html(text)
    assert not has_html("5 < 6で、a > b です <3")


def _took(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
