"""Reading what is made for other programs: XML, and files that are sent while they are read."""

from xml.etree import ElementTree

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from knelpunt.extensions import db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NASTY = "Wat & hoe <b>\x0b\x1f]]> \ufffe"


@pytest.fixture
def in_database(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the exports, which open a session of their own, read what this test made."""

    class Kept:
        def __enter__(self) -> Session:
            session.flush()
            return session

        def __exit__(self, *_error: object) -> None:
            return None

    monkeypatch.setattr(db, "new_session", Kept)


def xml_of(answer: TestResponse) -> ElementTree.Element:
    """The root of a valid answer in XML."""
    assert answer.status_code == 200
    assert answer.mimetype in ("application/xml", "application/atom+xml")
    return ElementTree.fromstring(answer.data)
