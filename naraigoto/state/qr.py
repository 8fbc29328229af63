"""The QR code that a family shows at the door."""

from uuid import UUID

import segno

from naraigoto.settings import get_settings


def check_in(booking_id: UUID) -> str:
    """An image, as a data address, of the page on which the school notes that the child came.

    The address is no secret: only members of the school can do anything there.
    """
    address = f"{get_settings().public_url}/school/check-in/{booking_id}"
    # Dark on white whatever the theme: cameras need the contrast and the quiet zone around.
    return segno.make_qr(address, error="m").svg_data_uri(scale=6, border=4, dark="#000", light="#fff")
