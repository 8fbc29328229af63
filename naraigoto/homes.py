"""Where each kind of person begins, and which addresses a sign-in may lead to."""

import re
from typing import Final

HOMES: Final = {"parent": "/home", "child": "/kids", "school_owner": "/school", "admin": "/admin/operations"}
# A new guardian first adds the children.
FIRST_HOMES: Final = HOMES | {"parent": "/family"}
# Browsers read "//x" and "/\x" as another site, and drop control characters before they look.
_INSIDE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]{0,300}")
_DOORS = ("/login", "/signup", "/auth/", "/api/")


def inside(address: str | None) -> str | None:
    """The address when it is a page of this site behind its doors, else None."""
    if not address or not _INSIDE.fullmatch(address) or address.startswith(_DOORS):
        return None
    return address
