"""Wordings: each provision has the wording of each day once, and a page says which one it shows."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from knelpunt.domain.laws.schema import Confidence
from knelpunt.domain.laws.wordings import wordings_of
from knelpunt.models import Provision, ProvisionWording
from knelpunt.queries.laws.catalogue import provision_on, provision_page
from knelpunt.services.laws.loading import load_catalogue, set_wordings
from tests.integration.laws.test_pages import text

OLD, NEW = "Ten minste twaalf woningen", "Ten minste vijf woningen"
BASE = {"valid_from": "2010-03-31", "valid_to": None, "confidence": "verified", "decided_by": "de raad"}
WORDINGS = [
    {"read_on": "2011-04-28", "source": "een kopie", "conditions": [OLD], "staatsblad": "Stb. 2010, 135"},
    {
        "valid_from": "2019-06-19",
        "read_on": "2019-06-19",
        "source": "een kopie",
        "conditions": [NEW],
        "change": "Minder woningen zijn genoeg.",
        "staatsblad": "Stb. 2019, 216",
        "dossier": "35013",
    },
    {"valid_from": "2023-07-01", "why_not_read": "De tekst van juli 2023 was niet te lezen."},
]


@pytest.fixture
def dated(make, session):
    """A provision with three wordings, of which the last was not read."""
    law = make.law(bwb_id="BWBR0027431")
    row = make.provision(law=law, article="2.9", valid_from=date(2010, 3, 31), details={"wordings": WORDINGS})
    return row


def test_the_case_of_a_day_meets_the_wording_of_that_day(dated, session):
    law_key = dated.key.rpartition("-")[0]
    early = provision_page(session, law_key, dated.key, date(2013, 5, 1))
    late = provision_page(session, law_key, dated.key, date(2020, 5, 1))
    assert early.details["conditions"] == [OLD]
    assert late.details["conditions"] == [NEW]
    assert early.details["decided_by"] == late.details["decided_by"] == "het college", "what a wording does not say"


def test_one_is_sure_of_a_wording_and_not_of_a_provision(dated, session):
    read, unread = (provision_on(session, dated.id, day) for day in (date(2020, 1, 1), date(2023, 7, 1)))
    assert (read.is_wording_read, read.confidence) == (True, Confidence.VERIFIED)
    assert (unread.is_wording_read, unread.confidence) == (False, Confidence.PARTLY)


def test_the_database_takes_no_two_wordings_on_one_day(dated, session):
    other = wordings_of({**BASE, "wordings": [{"why_not_read": "x"}]})[0]
    values = {name: value for name, value in zip(other.columns(), other.values, strict=True) if name != "valid_to"}
    session.add(ProvisionWording(provision_id=dated.id, valid_to=date(2010, 3, 31), **values))
    with pytest.raises(IntegrityError, match="ex_provision_wordings_one_a_day"):
        session.flush()
    session.rollback()


def test_the_page_of_a_day_shows_its_wording_and_leads_to_its_text(client, dated):
    law_key = dated.key.rpartition("-")[0]
    page = text(client.get(f"/wetten/{law_key}/{dated.key}?op=2019-07-01"))
    assert NEW in page
    assert OLD not in page
    assert "https://wetten.overheid.nl/BWBR0027431/2019-07-01#Artikel2.9" in page
    assert "jci1.3:c:BWBR0027431&amp;artikel=2.9&amp;z=2019-07-01&amp;g=2019-07-01" in page
    assert "Stb. 2019, 216" in page
    assert "Kamerdossier 35013" in page


def test_a_wording_that_was_not_read_says_why_and_leads_to_its_text(client, dated):
    page = text(client.get(f"/wetten/{dated.key.rpartition('-')[0]}/{dated.key}?op=2024-01-01"))
    assert "De tekst van deze dag is niet nagelezen" in page
    assert "De tekst van juli 2023 was niet te lezen." in page
    assert "https://wetten.overheid.nl/BWBR0027431/2024-01-01#Artikel2.9" in page


def test_the_story_of_an_article_tells_what_changed_when_and_why(client, dated):
    page = text(client.get(f"/wetten/{dated.key.rpartition('-')[0]}/{dated.key}?op=2013-01-01"))
    story = page[page.index("Hoe dit artikel veranderde") :]
    assert story.index("Van 31 maart 2010 tot en met 18 juni 2019") < story.index("Minder woningen zijn genoeg.")
    assert "Vanaf 1 juli 2023" in story


def test_each_wording_has_an_address_that_it_keeps(client, dated):
    path = f"/wetten/{dated.key.rpartition('-')[0]}/{dated.key}"
    assert NEW in text(client.get(f"{path}/2019-06-19"))
    assert OLD in text(client.get(f"{path}/2010-03-31"))
    for nowhere in ("2019-06-20", "begin", "x" * 200, "2019-06-19/x"):
        assert client.get(f"{path}/{nowhere}").status_code == 404, nowhere


def test_every_provision_has_a_wording_on_each_day_of_its_time_and_a_second_load_changes_none(session):
    load_catalogue(session)
    ids = select(ProvisionWording.id).order_by(ProvisionWording.id)
    before = session.scalars(ids).all()
    load_catalogue(session)
    assert session.scalars(ids).all() == before
    without = select(func.count()).where(~Provision.id.in_(select(ProvisionWording.provision_id)))
    assert session.scalar(without) == 0


def test_a_load_changes_only_the_wordings_that_the_file_has_otherwise(session, dated, make):
    other = make.provision()
    kept = session.scalars(select(ProvisionWording.id).where(ProvisionWording.provision_id == other.id)).all()
    later = [*WORDINGS[:2], {**WORDINGS[2], "valid_from": "2023-08-01"}]
    set_wordings(session, {dated.id: wordings_of({**BASE, "wordings": later})})
    starts = session.scalars(
        select(ProvisionWording.valid_from)
        .where(ProvisionWording.provision_id == dated.id)
        .order_by(ProvisionWording.valid_from)
    ).all()
    assert starts == [date(2010, 3, 31), date(2019, 6, 19), date(2023, 8, 1)]
    assert session.scalars(select(ProvisionWording.id).where(ProvisionWording.provision_id == other.id)).all() == kept
