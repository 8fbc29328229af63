"""「この口コミを通報」: the dialog over any list of reviews."""

from typing import Any, Literal
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, InvalidInput, Unauthenticated
from naraigoto.services import moderation, reviews
from naraigoto.state.places import id_in
from naraigoto.state.session import retrying_edge
from naraigoto.texts import reviews as texts
from naraigoto.texts.errors import field_problem
from naraigoto.texts.errors import refusal as worded


class ReviewReportState(rx.State):
    """Which review is being reported; what was typed stays until it was accepted."""

    open: bool = False
    form_key: int = 0
    reason_error: str = ""
    error: str = ""
    login: bool = False
    busy: bool = False
    said: str = ""
    _kind: Literal["parent", "child"] = "parent"
    _review_id: UUID | None = None

    @rx.event
    def ask(self, kind: str, review_id: str):
        """Open the dialog for one review."""
        key = self.form_key + 1
        self.reset()
        number = id_in(review_id) if isinstance(review_id, str) else None
        if number is None or kind not in ("parent", "child"):
            return
        self._kind, self._review_id, self.open, self.form_key = kind, number, True, key

    @rx.event
    async def send(self, form: dict[str, Any]):
        """Report it; the answer says what happens next."""
        number, kind = self._review_id, reviews.Kind(self._kind)
        if number is None or self.busy or not isinstance(form, dict):
            return
        reason, comment = str(form.get("reason") or ""), str(form.get("comment") or "")
        self.error, self.login = "", False
        self.reason_error = "" if reason in dict(texts.REASONS) else texts.REASON_MISSING
        if self.reason_error:
            return
        self.busy = True
        yield

        async def work(session: AsyncSession, actor: Actor) -> None:
            await moderation.report(
                session,
                actor,
                kind=kind,
                review_id=number,
                reason=moderation.ReportReason(reason),
                comment=comment,
                now=clock.now(),
            )

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self.busy, self.login = False, isinstance(refusal, Unauthenticated)
            self.error = _problem(refusal)
            return
        self.reset()
        self.said = texts.REPORT_DONE

    @rx.event
    def close(self):
        """Put the dialog away and report nothing."""
        self.reset()

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""


def _problem(refusal: DomainError) -> str:
    fields = refusal.facts.get("fields") if isinstance(refusal, InvalidInput) else None
    if isinstance(fields, dict) and "comment" in fields:
        return field_problem(fields["comment"])
    return texts.LOGIN_TO_REPORT if isinstance(refusal, Unauthenticated) else worded(refusal)
