"""Which mails come beside those that always come (R80)."""

from datetime import datetime, timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS
from naraigoto.errors import ParentApprovalRequired, Unauthenticated
from naraigoto.models.accounts import UserType
from naraigoto.services import notification_settings
from naraigoto.services.notification_settings import Wishes
from tests import factories as make


@pytest.mark.parametrize("kind", [UserType.PARENT, UserType.SCHOOL_OWNER, UserType.ADMIN])
async def test_who_never_said_gets_everything_but_the_digest(session: AsyncSession, kind: UserType) -> None:
    actor = await make.actor_of(session, await make.make_user(session, kind))
    assert await notification_settings.get(session, actor) == Wishes(digest=False)


async def test_wishes_are_kept_and_said_again_change_nothing(session: AsyncSession, now: datetime) -> None:
    actor = await make.actor_of(session, await make.make_user(session))
    other = await make.actor_of(session, await make.make_user(session))
    quiet = Wishes(False, False, False, False, True)
    for later in range(2):
        await notification_settings.put(session, actor, quiet, now=now + timedelta(hours=later))
        assert await notification_settings.get(session, actor) == quiet
    await notification_settings.put(session, actor, Wishes(), now=now)
    assert await notification_settings.get(session, actor) == Wishes()
    assert await notification_settings.get(session, other) == Wishes()


async def test_children_and_guests_have_none(session: AsyncSession, now: datetime) -> None:
    child = await make.actor_of(session, await make.make_child(session, await make.make_family(session)))
    for actor, refusal in ((child, ParentApprovalRequired), (ANONYMOUS, Unauthenticated)):
        with pytest.raises(refusal):
            await notification_settings.get(session, actor)
        with pytest.raises(refusal):
            await notification_settings.put(session, actor, Wishes(), now=now)
