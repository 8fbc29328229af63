"""The HTML of one mail, for the frame of /dev/mailbox. Outside production only."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from naraigoto.services import mailbox

router = APIRouter(include_in_schema=False)

# A mail may bring its own styles and nothing else; its links open in a new tab.
_HEADERS = {
    "Content-Security-Policy": (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline';"
        " img-src data:; base-uri 'self'; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
}


@router.get("/dev/mailbox/{number}/html")
async def show_html(number: str) -> Response:
    """The mail as a mail program would draw it.

    Raises: NotFound when there is no such mail, and in production.
    """
    found = await mailbox.letter(number)
    page = found.html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(page, headers=_HEADERS)
