"""Pages of the sandbox: plain HTML from templates, no script."""

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from naraigoto import clock
from naraigoto.texts import stripe_sandbox as texts

_templates = Environment(
    loader=PackageLoader("naraigoto.sandbox.stripe"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def day(seconds: int) -> str:
    """A Japanese date."""
    moment = datetime.fromtimestamp(seconds, clock.JST)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def moment(seconds: float) -> str:
    """A Japanese date and time."""
    return f"{datetime.fromtimestamp(seconds, clock.JST):%Y/%m/%d %H:%M}"


_templates.globals.update(texts=texts)
_templates.filters.update(yen=texts.yen, day=day, moment=moment)


def page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """One page; never kept by anybody on the way."""
    html = _templates.get_template(template).render(**{"said": "", "error": "", **values})
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})
