"""Logs: JSON lines in production, readable lines at home; never a cookie, a token or personal data."""

import logging
import re
import sys
import time

import structlog

from naraigoto.settings import Environment, Settings

EVENT_LOGGER = "reflex_base.event.processor.event_processor"
_EVENT = re.compile(r"Error processing event queue entry for .*", re.DOTALL)
_SECRETS = (
    re.compile(r"(naraigoto_session=)[^;\s\"']+"),
    re.compile(r"([?&](?:token|code)=)[^&\s\"']+"),
    re.compile(r"(/(?:join|invitations)/)[^/?&\s\"'\x1b]+"),
    re.compile(r"(?i)(bearer\s+)[A-Za-z0-9._~+/=-]+"),
    re.compile(r"(?i)([\"']cookie[\"']\s*:\s*[\"'])[^\"']*"),
)


class UnknownEvents(logging.Filter):
    """Reflex logs a whole event, cookie included, when nobody handles it: keep one line in a while."""

    def __init__(self, every_seconds: float = 10.0) -> None:
        super().__init__()
        self.every_seconds = every_seconds
        self._next = 0.0
        self._dropped = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the event by a count; drop what comes too soon."""
        if not _EVENT.match(record.getMessage()):
            return True
        if time.monotonic() < self._next:
            self._dropped += 1
            return False
        self._next = time.monotonic() + self.every_seconds
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "error"
        record.msg, record.args = f"event.refused ({kind}; {self._dropped} more since the last line)", ()
        record.exc_info, record.exc_text = None, None
        self._dropped = 0
        return True


class Redacting(structlog.stdlib.ProcessorFormatter):
    """Cuts secrets out of every finished line, whoever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without secrets."""
        return redacted(super().format(record))


def redacted(text: str) -> str:
    """The text without session cookies, bearer tokens and tokens in addresses."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1…", text)
    return text


def configure_logging(settings: Settings) -> None:
    """One handler for structlog and the standard library alike."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(settings, shared))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO if settings.production else logging.WARNING)
    events = logging.getLogger(EVENT_LOGGER)
    events.filters = [UnknownEvents()]


def _formatter(settings: Settings, shared: list[structlog.types.Processor]) -> logging.Formatter:
    if settings.env is Environment.PRODUCTION:
        finish: list[structlog.types.Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        # Plain tracebacks: the pretty ones print local variables, and those can be secrets.
        plain = structlog.dev.plain_traceback
        finish = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return Redacting(foreign_pre_chain=shared, processors=[remove, *finish])
