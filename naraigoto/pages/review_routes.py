"""The pages of reviews: writing them in two voices, the school's answers, the admin's desk."""

from naraigoto.pages import kids_review, reports, review_writing, school_reviews
from naraigoto.pages.route import Route
from naraigoto.state.reports import ReportsState
from naraigoto.state.review_reports import ReviewReportState
from naraigoto.state.review_writing import KidsReviewState, ReviewWritingState
from naraigoto.state.school_reviews import SchoolReviewsState
from naraigoto.state.session import SessionState
from naraigoto.texts import kids_review as kids_review_texts
from naraigoto.texts import reports as reports_texts
from naraigoto.texts import reviews as reviews_texts
from naraigoto.texts import school_reviews as school_reviews_texts
from naraigoto.texts import ui


def routes() -> list[Route]:
    """Each with what it loads after the viewer."""
    return [
        Route(
            "/bookings/[booking_id]/review",
            lambda: review_writing.review_writing_page(SessionState.viewer),
            ui.titled(reviews_texts.TITLE),
            (ReviewWritingState.load,),
        ),
        Route(
            "/kids/review/[booking_id]",
            lambda: kids_review.kids_review_page(SessionState.viewer),
            ui.titled(kids_review_texts.TITLE),
            (KidsReviewState.load,),
        ),
        Route(
            "/school/reviews",
            lambda: school_reviews.school_reviews_page(SessionState.viewer),
            ui.titled(school_reviews_texts.TITLE),
            (ReviewReportState.close, SchoolReviewsState.load),
        ),
        Route(
            "/admin/reports",
            lambda: reports.reports_page(SessionState.viewer),
            ui.titled(reports_texts.TITLE),
            (ReportsState.load,),
        ),
    ]
