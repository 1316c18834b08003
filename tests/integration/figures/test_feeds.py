"""Every feed of the site, as a program of readers reads it, and what search engines of the government read."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from sqlalchemy import func

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.vocabulary import Verdict
from knelpunt.models import Bottleneck, BottleneckNews
from tests.support.guides import public_guide

RULE = "RK-2026-9003"
AWKWARD = 'Een buurthuis & "speeltuin" <in> een school: mag dat? 𝔘'
"""With all that XML has to write otherwise, and a letter of four bytes."""


@pytest.fixture
def everything(session, make, public_quarter):
    """One of each that a feed tells of."""
    make.published(title=AWKWARD, question=AWKWARD, answer=AWKWARD, verdict=Verdict.OWN_AUTHORITY)
    public_guide(make)
    rule = make.add(
        Bottleneck(
            reference=RULE, title=AWKWARD, problem="Het knelt.", status="gesignaleerd", signalled_on=make.today,
            owner_due_on=make.today, updated_at=make.now, terms=func.to_tsvector("simple", "regel"),
        )
    )  # fmt: skip
    make.add(
        BottleneckNews(
            bottleneck_id=rule.id, status=BottleneckStatus.IN_ANALYSIS, body=AWKWARD, on_day=make.today,
            written_at=make.now,
        )
    )  # fmt: skip
    session.commit()


def feeds_of(app) -> list[str]:
    """The address of every feed that the site has; feeds are in Dutch, as what they tell of."""
    paths = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith(".atom")}
    own = sorted(path.replace("<string:bottleneck_number>", RULE) for path in paths)
    assert not [path for path in own if "<" in path], "give the part of this address a value here"
    return own


def test_every_feed_is_read_without_a_fault_by_a_program_of_readers(app, client, everything):
    paths = feeds_of(app)
    assert len(paths) >= 6
    for path in paths:
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml"), path
        headers = {name.lower(): value for name, value in answer.headers.items()}
        read = feedparser.parse(answer.data, response_headers=headers, resolve_relative_uris=False)
        assert not read.bozo, (path, read.get("bozo_exception"))
        assert read.version == "atom10", path
        told = read.feed
        own = next(link.href for link in told.links if link.rel == "self")
        assert urlsplit(own).path == path, path
        assert told.id and told.title and told.author, path
        assert answers(client, next(link.href for link in told.links if link.rel == "alternate")), path
        assert told.language == "nl", path
        assert read.entries, f"{path} tells nothing of what is there"
        ids = [entry.id for entry in read.entries]
        assert len(ids) == len(set(ids)), path
        for entry in read.entries:
            assert entry.title and (entry.get("summary") or entry.get("content")), (path, entry.id)
            assert answers(client, entry.link), (path, entry.link)
            assert moment(entry.updated) <= moment(told.updated), (path, entry.id)
            assert "published" not in entry or moment(entry.published) <= moment(entry.updated) + timedelta(days=1)


def test_a_feed_without_entries_is_one_too(client):
    for path in ("/knelpunten.atom", "/regelknelpunten.atom", "/op-de-hoogte.atom", "/kwartalen.atom"):
        read = feedparser.parse(client.get(path).data)
        assert (read.bozo, read.version, read.entries) == (False, "atom10", []), path
        assert moment(read.feed.updated)


def test_the_reader_notices_what_is_broken(client, everything):
    whole = client.get("/knelpunten.atom").data
    assert feedparser.parse(whole.replace(b"</entry>", b"", 1)).bozo
    assert feedparser.parse(whole.replace(b"&amp;", b"&", 1)).bozo


def answers(client, address: str) -> bool:
    assert address.startswith("http://localhost/"), address
    return client.get(address.removeprefix("http://localhost")).status_code == 200


def moment(text: str) -> datetime:
    """A moment by RFC 3339, with its zone."""
    found = datetime.fromisoformat(text)
    assert found.tzinfo is not None, text
    return found


DIWOO = "{https://standaarden.overheid.nl/diwoo/metadata/}"
OF_A_DOCUMENT = {
    "creatiedatum": 1,
    "publisher": 1,
    "format": 1,
    "language": 1,
    "titelcollectie/officieleTitel": 1,
    "classificatiecollectie/informatiecategorieen/informatiecategorie": 1,
    "verantwoordelijke": 1,
    "documenthandelingen/documenthandeling/soortHandeling": 1,
    "documenthandelingen/documenthandeling/atTime": 1,
}
"""What the metadata of the Wet open overheid say of a document here, and how often."""
FROM_A_LIST = {"publisher", "format", "language", "informatiecategorie", "verantwoordelijke", "soortHandeling"}
"""Of these an address in a list of values says which one it is."""


def test_every_document_tells_what_the_wet_open_overheid_asks(client, public_quarter):
    told = ElementTree.fromstring(client.get("/sitemap/woo.xml").data)
    documents = list(told.iter(f"{DIWOO}DiWoo"))
    assert documents
    for document in documents:
        for path, times in OF_A_DOCUMENT.items():
            found = document.findall("/".join(f"{DIWOO}{name}" for name in path.split("/")))
            assert len(found) == times, path
            assert all((each.text or "").strip() for each in found), path
        listed = {each.tag.removeprefix(DIWOO): each.get("resource", "") for each in document.iter()}
        assert all(listed[name].startswith("http") for name in FROM_A_LIST), listed
        date.fromisoformat(document.findtext(f"{DIWOO}creatiedatum"))
        when = "/".join(f"{DIWOO}{name}" for name in ("documenthandelingen", "documenthandeling", "atTime"))
        assert datetime.fromisoformat(document.findtext(when)).tzinfo is not None
