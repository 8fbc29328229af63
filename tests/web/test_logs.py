import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from naraigoto.settings import Settings
from naraigoto.web import logs


def settings(env: str) -> Settings:
    given: dict[str, Any] = {"NARAIGOTO_ENV": env, "PUBLIC_URL": "https://naraigoto.example"}
    return Settings(**given)


@pytest.fixture(params=["local", "production"])
def configured(request: pytest.FixtureRequest) -> Iterator[str]:
    root, events = logging.getLogger(), logging.getLogger(logs.EVENT_LOGGER)
    before, level = list(root.handlers), root.level
    logs.configure_logging(settings(request.param))
    yield request.param
    root.handlers, events.filters = before, []
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET /_event/?token=abc-123&EIO=4", "abc-123"),
        ("Cookie: theme=dark; naraigoto_session=s3cret; x=1", "s3cret"),
        ("Authorization: Bearer eyJhbGciOi.J9.x_-y", "eyJhbGciOi"),
        ("{'headers': {'cookie': 'other=s3cret'}}", "s3cret"),
        ("/auth/callback?code=s3cret", "s3cret"),
        ("GET /join/s3cret 200", "s3cret"),
        ('{"path": "/api/v1/invitations/s3cret"}', "s3cret"),
    ],
)
def test_secrets_are_cut_out_of_lines(text: str, secret: str):
    assert secret not in logs.redacted(text)


def test_no_secret_reaches_the_log(configured: str, capsys: pytest.CaptureFixture[str]):
    logs.configure_logging(settings(configured))  # once more, now that stderr is captured
    event = "Event(router_data={'headers': {'cookie': 'naraigoto_session=s3cret'}})"
    try:
        raise KeyError("no such handler")
    except KeyError:
        for _ in range(50):
            logging.getLogger(logs.EVENT_LOGGER).exception(
                f"Error processing event queue entry for {event} [txid=1]:"
            )
        logging.getLogger("other").exception("GET /?token=s3cret")
    structlog.get_logger("x").warning("booking.created", headers={"cookie": "naraigoto_session=s3cret"})
    written = capsys.readouterr().err
    assert "s3cret" not in written
    assert written.count("event.refused") == 1
    assert "booking.created" in written
    if configured == "production":
        lines = [json.loads(line) for line in written.splitlines()]
        assert [line["logger"] for line in lines] == [logs.EVENT_LOGGER, "other", "x"]


def test_other_errors_of_the_event_processor_stay_whole():
    record = logging.LogRecord(logs.EVENT_LOGGER, logging.ERROR, "f", 1, "Error in task [txid=1]:", (), None)
    assert logs.UnknownEvents().filter(record)
    assert record.getMessage() == "Error in task [txid=1]:"
