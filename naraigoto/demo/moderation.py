"""What lies on the admin's desk: a review that its checks hold, and one that another family has reported."""

from datetime import timedelta

from naraigoto.demo.world import World

_PHONE = "くわしいことは090-1234-5678までどうぞ。"
_SHOWN_HELD, _SHOWN_REPORTED = -3, -6  # among the latest, but not the very latest


def build(world: World) -> None:
    """One case of each kind, from families that nobody signs in as."""
    own = {home.id for home in world.households[:2]}
    said = [row for row in world.rows.of("reviews_parent") if row["family_id"] not in own]
    said = sorted(
        (row for row in said if row["target_type"] == "school"),
        key=lambda row: (row["created_at"], str(row["id"])),
    )
    answered = {row["parent_review_id"] for row in world.rows.of("review_replies")}
    said = [row for row in said if row["id"] not in answered]
    if len(said) < -_SHOWN_REPORTED:
        return
    held, reported = said[_SHOWN_HELD], said[_SHOWN_REPORTED]
    held |= {
        "status": "held",
        "hold_reason": "phone",
        "published_at": None,
        "comment": f"{held['comment']}{_PHONE}",
    }
    # Points come with the publication.
    points = world.rows.of("points_transactions")
    points[:] = [row for row in points if row["source_key"] != f"review:parent:{held['id']}"]
    _report(world, held, None, "personal_data", "")
    reporter = world.households[2].parent
    _report(world, reported, reporter, "false", "当日の人数が、書かれている内容とちがうように思います。")


def _report(world: World, review: dict, reporter: object, reason: str, comment: str) -> None:
    at = min(review["created_at"] + timedelta(hours=5), world.now - timedelta(minutes=15))
    world.rows.add(
        "review_reports",
        id=world.id("report", review["id"], at),
        parent_review_id=review["id"],
        child_review_id=None,
        reporter_user_id=reporter,
        reason=reason,
        comment=comment,
        status="open",
        note="",
        created_at=at,
    )
