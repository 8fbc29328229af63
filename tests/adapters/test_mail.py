"""What every mailer keeps, and what the local mailbox keeps besides."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from naraigoto.adapters import mail
from naraigoto.adapters.mail import Mail, Mailer, MailRejected, MailUnavailable
from naraigoto.adapters.mail.local import LocalMailbox
from naraigoto.settings import Environment, Settings

SENDER = "習い事Prime <noreply@localhost>"
LETTER = Mail(
    to="hanako@example.com",
    subject="【習い事Prime】予約が完了しました",
    text="そらさんのレッスンを予約しました。\n",
    html="<p>そらさんのレッスンを予約しました。</p>\n",
    message_id="<0123@localhost>",
    at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
    headers={"Auto-Submitted": "auto-generated"},
)
MAILERS: list[Callable[[Path], Mailer]] = [lambda folder: LocalMailbox(folder, sender=SENDER)]


@pytest.fixture(params=MAILERS, ids=["local"])
def mailer(request: pytest.FixtureRequest, tmp_path: Path) -> Mailer:
    return request.param(tmp_path / "mail")


@pytest.fixture
def mailbox(tmp_path: Path) -> LocalMailbox:
    return LocalMailbox(tmp_path / "mail", sender=SENDER)


async def test_a_mailer_answers_the_message_id(mailer: Mailer) -> None:
    assert await mailer.send(LETTER) == LETTER.message_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "hanako"},
        {"to": "hanako@example.com, taro@example.com"},
        {"to": "hanako@example.com\r\nBcc: taro@example.com"},
        {"to": ""},
        {"subject": "予約\r\nBcc: taro@example.com"},
        {"headers": {"X-Kind": "a\nBcc: taro@example.com"}},
        {"message_id": "<1@localhost>\r\nBcc: taro@example.com"},
    ],
)
async def test_a_mail_that_would_add_a_header_or_a_recipient_is_rejected(mailer: Mailer, wrong: dict) -> None:
    with pytest.raises(MailRejected):
        await mailer.send(replace(LETTER, **wrong))


async def test_a_letter_reads_as_it_was_sent(mailbox: LocalMailbox, tmp_path: Path) -> None:
    await mailbox.send(LETTER)

    (letter,) = await mailbox.letters()

    assert (letter.to, letter.subject, letter.at) == (LETTER.to, LETTER.subject, LETTER.at)
    assert letter.text.strip() == LETTER.text.strip()
    assert letter.html.strip() == LETTER.html.strip()
    assert letter == await mailbox.letter(letter.id)
    (file,) = (tmp_path / "mail").glob("*.eml")
    raw = message_from_bytes(file.read_bytes(), policy=SMTP)
    assert raw["From"] == SENDER
    assert raw["Auto-Submitted"] == "auto-generated"
    assert raw.get_content_type() == "multipart/alternative"


async def test_the_same_mail_sent_again_lies_there_once(mailbox: LocalMailbox, tmp_path: Path) -> None:
    await asyncio.gather(*(mailbox.send(LETTER) for _ in range(5)))

    assert [file.suffix for file in (tmp_path / "mail").iterdir()] == [".eml"]


async def test_the_newest_letters_stand_first(mailbox: LocalMailbox) -> None:
    for number in range(3):
        await mailbox.send(replace(LETTER, message_id=f"<{number}@localhost>"))

    assert [letter.message_id for letter in await mailbox.letters()] == [
        "<2@localhost>",
        "<1@localhost>",
        "<0@localhost>",
    ]
    (newest,) = await mailbox.letters(limit=1)
    assert newest.message_id == "<2@localhost>"


async def test_only_letters_can_be_opened(mailbox: LocalMailbox, tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_text("To: x\n\nsecret")

    for name in ("../secret", "0" * 32, "", "0" * 31 + "/"):
        assert await mailbox.letter(name) is None
    assert await mailbox.letters() == []


async def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands here")

    with pytest.raises(MailUnavailable):
        await LocalMailbox(tmp_path / "mail", sender=SENDER).send(LETTER)


def test_production_refuses_the_stand_in() -> None:
    production = Settings.model_construct(env=Environment.PRODUCTION)
    with pytest.raises(mail.MailNotConfigured, match="production"):
        mail.make_mailer(production)
