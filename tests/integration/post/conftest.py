"""A desk that reads the mail which comes in."""

import pytest

from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.post import incoming
from knelpunt.services.post.incoming import Intake
from tests.support.desk import Desk
from tests.support.incoming import READ, fetched


@pytest.fixture
def desk(session, make):
    desk = Desk(session, make)
    desk.links = READ
    return desk


@pytest.fixture
def intake(tmp_path):
    return Intake(FolderStore(tmp_path), AttachmentRules(max_bytes=100_000, max_per_case=3))


@pytest.fixture
def take(desk, intake):
    def take_in(raw, *, at=None, is_whole=True):
        arrived_at = at or desk.now
        return incoming.take_in(desk.system, intake, fetched(raw, arrived_at, is_whole=is_whole))

    return take_in
