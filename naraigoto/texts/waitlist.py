"""Words of waiting for a seat."""

from datetime import datetime

from naraigoto.texts.dates import moment_label

HEADING = "キャンセル待ち"
WAIT = "キャンセル待ち"
FULL_TITLE = "満席です"
FULL_TEXT = "空きが出たら、登録した順にメールでご案内します。登録は無料で、いつでもやめられます。"
JOIN = "キャンセル待ちに登録する"
AUTO_BOOK = "空いたら自動で予約する（チケットを使います）"
JOINED = "キャンセル待ちに登録しました"
JOINED_TEXT = (
    "空きが出たら、2時間のあいだ席をお取りしてメールでお知らせします（22時〜7時は時計が止まります）。"
)
OFFER = "空きが出ました"
BOOK = "予約する"
DECLINE = "見送る"
LEAVE = "やめる"
LEFT = "キャンセル待ちをやめました"
DECLINED = "今回は見送りました"
BOOKED = "予約が完了しました"
AUTO = "空いたら自動で予約"
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
