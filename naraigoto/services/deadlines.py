"""Until when cancelling is free of charge (D6), said alike by pages, refusals and mails."""

from datetime import datetime

from naraigoto.rules import CANCEL_GRACE


def free_until(cancel_until: datetime, created_at: datetime, answer_by: datetime | None) -> datetime:
    """The last moment: the school's rule, the grace after booking, or an answer the school waits for."""
    return max(cancel_until, created_at + CANCEL_GRACE, answer_by or cancel_until)
