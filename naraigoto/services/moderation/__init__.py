"""Reports and what is decided about them (D12); every decision leaves a line in the audit log."""

from naraigoto.models.moderation import ReportAction as Action
from naraigoto.models.moderation import ReportReason, ReportStatus
from naraigoto.services.moderation.deciding import decide, decide_appeal
from naraigoto.services.moderation.figures import Transparency, months, transparency
from naraigoto.services.moderation.queue import case, queue
from naraigoto.services.moderation.reporting import Reported, appeal, report
from naraigoto.services.moderation.views import (
    AppealCase,
    Case,
    CaseDetail,
    CasePage,
    ContextReview,
    History,
    QueueState,
    ReporterHistory,
    Urgency,
)

__all__ = [
    "Action",
    "AppealCase",
    "Case",
    "CaseDetail",
    "CasePage",
    "ContextReview",
    "History",
    "QueueState",
    "ReportReason",
    "ReportStatus",
    "Reported",
    "ReporterHistory",
    "Transparency",
    "Urgency",
    "appeal",
    "case",
    "decide",
    "decide_appeal",
    "months",
    "queue",
    "report",
    "transparency",
]
