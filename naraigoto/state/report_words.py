"""Cases of the admin's desk in words."""

from dataclasses import dataclass, field
from datetime import datetime

from naraigoto.services import moderation, reviews
from naraigoto.texts import dates
from naraigoto.texts import reports as texts
from naraigoto.texts import reviews as review_texts


@dataclass(frozen=True)
class CaseView:
    """A case in the queue."""

    id: str = ""
    urgent: bool = False
    child: bool = False
    rating: int = 0
    comment: str = ""
    about: str = ""
    kind: str = ""
    reasons: str = ""
    since: str = ""
    decided: str = ""
    label: str = ""


@dataclass(frozen=True)
class ContextView:
    """What else was said of the lesson."""

    child: bool
    target: str
    rating: int
    comment: str
    status: str
    reply: str


@dataclass(frozen=True)
class ReporterView:
    """Who reported, why, and how earlier reports ended."""

    name: str
    reason: str
    comment: str
    at: str
    history: str


@dataclass(frozen=True)
class ActionView:
    """A decision that can be taken."""

    key: str
    name: str
    note: str


@dataclass(frozen=True)
class Figure:
    """One number of a month."""

    name: str
    value: str


@dataclass(frozen=True)
class CaseWords:
    """One case with everything that helps to decide; without `actions` it is settled."""

    id: str = ""
    version: str = ""
    view: CaseView = field(default_factory=CaseView)
    author: str = ""
    author_history: str = ""
    school: str = ""
    school_href: str = ""
    status: str = ""
    findings: str = ""
    appeal: str = ""
    appeal_id: str = ""
    settled: str = ""
    context: list[ContextView] = field(default_factory=list)
    reporters: list[ReporterView] = field(default_factory=list)
    actions: list[ActionView] = field(default_factory=list)


def case_view(case: moderation.Case, now: datetime) -> CaseView:
    """A case in the queue."""
    child = case.kind is reviews.Kind.CHILD
    appealed = _appealed(case)
    people = [f"{texts.REASONS[reason.value]} {number}" for reason, number in case.reasons.items()]
    since = texts.since(dates.moment_label(case.first_at), now - case.first_at)
    return CaseView(
        id=str(case.report_id),
        urgent=case.urgency is moderation.Urgency.URGENT,
        child=child,
        rating=case.rating,
        comment=case.comment,
        about="　".join(dict.fromkeys((case.school.name, case.target_name))),
        kind=texts.APPEALED if appealed else texts.HELD if case.held and not case.reports else texts.REPORTED,
        reasons=_found(case) if case.held and not case.reports else "・".join(people),
        since=since,
        decided=texts.decided(case.action.value, dates.moment_label(case.decided_at))
        if case.action and case.decided_at
        else "",
        label=f"{case.school.name} {since} {texts.LOOK}",
    )


def case_words(detail: moderation.CaseDetail, now: datetime) -> CaseWords:
    """One case in full."""
    case, history = detail.case, detail.author
    appealed = _appealed(case)
    until = history.suspended_until
    return CaseWords(
        id=str(case.report_id),
        version=case.version,
        view=case_view(case, now),
        author=case.author,
        author_history=texts.history_author(history.posted, history.upheld, history.removed, history.warned)
        + (texts.suspended(dates.moment_label(until)) if until and until > now else ""),
        school=case.school.name,
        school_href=f"/schools/{case.school.id}",
        status=review_texts.STATUSES[case.status.value],
        findings=_found(case),
        appeal=case.appeal.body if case.appeal else "",
        appeal_id=str(case.appeal.id) if case.appeal and appealed else "",
        settled=case.note,
        context=[_context(one) for one in detail.context],
        reporters=[_reporter(one) for one in detail.reporters],
        actions=_actions(case, appealed=appealed),
    )


def figures(month: moderation.Transparency) -> list[Figure]:
    """A month in numbers."""
    counts = [
        (texts.POSTED, month.posted),
        (texts.HELD, month.held),
        *[(f"{texts.REPORTED}: {texts.REASONS[reason.value]}", n) for reason, n in month.reports.items()],
        (texts.DISMISSED, month.dismissed),
        (texts.UPHELD, month.upheld),
        (texts.HIDDEN, month.hidden),
        (texts.REMOVED, month.removed),
        (texts.APPEALED, month.appeals),
        (texts.GRANTED, month.appeals_granted),
    ]
    found = [Figure(name, texts.count(number)) for name, number in counts]
    return [*found, Figure(texts.MEDIAN, texts.hours(month.median_hours))]


def _appealed(case: moderation.Case) -> bool:
    return case.appeal is not None and case.appeal.status is reviews.AppealStatus.OPEN


def _found(case: moderation.Case) -> str:
    words = [review_texts.HOLDS.get(finding.value, review_texts.HOLD_OTHERWISE) for finding in case.findings]
    return "・".join(words)


def _actions(case: moderation.Case, *, appealed: bool) -> list[ActionView]:
    if appealed:
        return [ActionView(*one) for one in texts.APPEAL_ACTIONS]
    return [] if case.decided_at else [ActionView(*one) for one in texts.ACTIONS]


def _context(one: moderation.ContextReview) -> ContextView:
    return ContextView(
        child=one.kind is reviews.Kind.CHILD,
        target=texts.TARGETS[one.target_type.value],
        rating=one.rating,
        comment=one.comment,
        status=review_texts.STATUSES[one.status.value],
        reply=one.reply,
    )


def _reporter(one: moderation.ReporterHistory) -> ReporterView:
    return ReporterView(
        name=one.reporter,
        reason=texts.REASONS[one.reason.value],
        comment=one.comment,
        at=dates.moment_label(one.at),
        history=texts.history_reporter(one.made, one.upheld, one.dismissed),
    )
