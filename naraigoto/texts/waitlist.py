"""Words of waiting for a seat."""

from datetime import datetime

from naraigoto.rules import WAITLIST_TELLS_ALL_HOUR_JST
from naraigoto.texts.dates import moment_label

_HOUR = f"前日{WAITLIST_TELLS_ALL_HOUR_JST}時"
_THEN = f"{_HOUR}からは先着順のご案内になります（自動予約・席の確保はありません）。"
_FREE = "登録は無料で、いつでもやめられます。"

HEADING = "キャンセル待ち"
WAIT = "キャンセル待ち"
FULL_TITLE = "満席です"
FULL_TEXT = f"空きが出たら、登録した順にメールでご案内します。{_THEN}{_FREE}"
FULL_FIRST_COME = (
    "空きが出たら、お待ちのみなさまにメールでお知らせします。ご予約は先着順です"
    f"（自動予約・席の確保はありません）。{_FREE}"
)
JOIN = "キャンセル待ちに登録する"
AUTO_BOOK = f"空いたら自動で予約する（{_HOUR}まで・チケットを使います）"
JOINED = "キャンセル待ちに登録しました"
JOINED_TEXT = (
    f"空きが出たら、2時間のあいだ席をお取りしてメールでお知らせします（22時〜7時は時計が止まります）。{_THEN}"
)
JOINED_FIRST_COME = "空きが出たら、すぐにメールでお知らせします。先着順ですので、お早めにご予約ください。"
OFFER = "空きが出ました"
BOOK = "予約する"
DECLINE = "見送る"
LEAVE = "やめる"
LEFT = "キャンセル待ちをやめました"
DECLINED = "今回は見送りました"
BOOKED = "予約が完了しました"
AUTO = f"空いたら自動で予約（{_HOUR}まで）"
GONE = "席の確保が終わりました。満席のときは、もう一度キャンセル待ちに登録できます"


def position(number: int) -> str:
    """あと2番目."""
    return f"あと{number}番目"


def held_until(moment: datetime) -> str:
    """Until when the seat is held."""
    return f"{moment_label(moment)}まで席をお取りしています"


def cost(tickets: int) -> str:
    """What booking takes."""
    return f"チケット{tickets}枚を使います"
