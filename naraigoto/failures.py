"""How the log tells of a failure that nobody expected: where and which kind, never its words.

PostgreSQL and pydantic quote the values they refuse, and those can be a person's.
"""

import traceback
from typing import Any

from naraigoto import db


def about(failure: BaseException) -> dict[str, Any]:
    """Fields for a log event: kind, SQLSTATE where there is one, frames without values."""
    return {
        "reason": type(failure).__name__,
        "sqlstate": db.sqlstate(failure),
        "trace": "".join(traceback.format_tb(failure.__traceback__)),
    }
