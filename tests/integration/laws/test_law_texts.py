"""Texts that changed since they were read: found in a newer copy, once, and looked at by a person."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from knelpunt.adapters.files.law_texts import fingerprint, markdown_articles
from knelpunt.domain.errors import DomainError, VersionConflict
from knelpunt.domain.laws.changes import TextFindingStatus
from knelpunt.domain.laws.edits import EntryKind
from knelpunt.models import CatalogueEdit, LawTextFinding
from knelpunt.queries.laws import edits as queries
from knelpunt.services.laws import texts
from tests.integration.laws.test_catalogue_edits import act_of
from tests.integration.laws.test_pages import text

BWB = "BWBR0099999"
OLD = "1. Burgemeester en wethouders beslissen binnen acht weken."
NEW = "1. Burgemeester en wethouders beslissen binnen zes weken."
DAY = date(2013, 7, 1)


def markdown(article: str) -> str:
    return f"### Hoofdstuk 1\n\n### Artikel 3\n\n{article}\n\n### Artikel 4\n\nAnders.\n"


def as_yaml(article: str, start: str) -> str:
    return f"bwb_id: {BWB}\nvalid_from: '{start}'\narticles:\n  - number: '3'\n    text: |-\n      {article}\n"


@pytest.fixture
def read(make):
    """A provision whose article 3 was read in the text of July 2013."""
    law = make.law(bwb_id=BWB)
    wording = {
        "read_on": "2013-07-01",
        "source": "een kopie",
        "articles": ["3"],
        "text_hash": fingerprint([OLD]),
    }
    return make.provision(law=law, article="3", valid_from=DAY, details={"wordings": [wording]})


@pytest.fixture
def copy(tmp_path):
    def make_copy(article: str, name: str = "kopie"):
        folder = tmp_path / name / "wet" / "proefwet" / BWB
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(markdown(article), encoding="utf-8")
        return tmp_path / name

    return make_copy


def check(session, *folders, on=DAY, today=date(2026, 12, 1)):
    return texts.check_texts(session, folders, on=on, today=today)


def test_links_and_line_ends_are_no_change_and_a_number_is():
    linked = OLD.replace("wethouders", "[wethouders](../wet/README.md)").replace(" beslissen", "\n  beslissen")
    assert fingerprint([linked]) == fingerprint([OLD])
    assert fingerprint([NEW]) != fingerprint([OLD])
    assert fingerprint(["[acht][ref1] weken\n\n[ref1]: https://wetten.overheid.nl/x"]) == fingerprint(["acht weken"])


def test_an_article_ends_where_the_next_chapter_begins_and_not_at_its_own_headings():
    found = markdown_articles("### Artikel 1\n#### Kop\nA\n### Afdeling 2\nB\n##### Artikel 2a. Naam\nC\n")
    assert {number: " ".join(each.split()) for number, each in found.items()} == {"1": "#### Kop A", "2a": "C"}


def test_an_older_copy_finds_nothing_and_a_newer_one_the_article_that_changed(session, read, copy):
    before = check(session, copy(OLD, "oud"))
    assert (len(before.same), before.changed, before.new) == (1, [], 0)
    after = check(session, copy(NEW, "nieuw"))
    assert [one.provision_key for one, _ in after.changed] == [read.key]
    assert after.new == 1
    assert check(session, copy(NEW, "nogmaals")).new == 0, "found before"


def test_of_texts_with_their_days_the_newest_that_began_counts(session, read, tmp_path):
    for start, article in (("2013-07-01", OLD), ("2020-01-01", NEW), ("2031-01-01", OLD)):
        (tmp_path / f"{start}.yaml").write_text(as_yaml(article, start), encoding="utf-8")
    found = check(session, tmp_path)
    assert [text.valid_from for _, text in found.changed] == [date(2020, 1, 1)]


def test_an_article_that_is_gone_and_a_law_that_is_not_in_the_copy_are_told_apart(session, read, copy, make, tmp_path):
    assert len(check(session, tmp_path / "leeg").not_in_copy) >= 1
    folder = copy("")
    path = next(folder.rglob("README.md"))
    path.write_text("### Artikel 4\n\nAnders.\n", encoding="utf-8")
    assert [one.provision_key for one, _ in check(session, folder).gone] == [read.key]


@pytest.fixture
def finding(session, read, copy):
    check(session, copy(NEW))
    return session.scalars(select(LawTextFinding)).one()


def test_a_person_says_what_was_seen_and_only_once(session, make, finding):
    context = act_of(session, make.administrator())
    with pytest.raises(DomainError):
        texts.decide(context, finding.id, TextFindingStatus.CHECKED, "  ")
    texts.decide(context, finding.id, TextFindingStatus.CHECKED, "Alleen een verwijzing is anders.")
    assert finding.status is TextFindingStatus.CHECKED
    with pytest.raises(VersionConflict):
        texts.decide(context, finding.id, TextFindingStatus.CHECKED, "Nog eens.")


def test_a_change_counts_as_made_only_with_a_proposal_that_somebody_else_decides(session, make, finding):
    with pytest.raises(DomainError, match="nog geen voorstel"):
        texts.decide(
            act_of(session, make.administrator()), finding.id, TextFindingStatus.EDITED, "De termijn is zes weken."
        )
    assert finding.status is TextFindingStatus.OPEN


def test_the_queue_takes_as_many_statements_for_many_findings_as_for_one(finding, make, client_as, statements, session):
    client = client_as(make.administrator())
    client.get("/beheer/wetten/teksten")
    with statements() as few:
        client.get("/beheer/wetten/teksten")
    for number in range(3):
        values = {"read_on": DAY, "read_hash": "a", "found_hash": str(number), "source": "x", "found_on": DAY}
        make.add(LawTextFinding(provision_id=make.provision().id, **values))
    with statements() as many:
        page = text(client.get("/beheer/wetten/teksten"))
    assert len(many) == len(few)
    assert page.count("/beheer/wetten/teksten/") == 4


def test_an_edit_that_waits_closes_the_finding_and_leads_to_it(session, make, finding, read):
    context = act_of(session, make.administrator())
    entry = queries.one_entry(session, EntryKind.PROVISION, read.key)
    edit = make.add(
        CatalogueEdit(
            kind=EntryKind.PROVISION,
            key=read.key,
            before=entry.fields,
            after={**entry.fields, "instrument": "Anders"},
            base_digest=entry.digest,
            reason="De termijn is zes weken.",
            source_url="https://wetten.overheid.nl/",
            proposed_by_id=context.actor.account_id,
            proposed_at=datetime(2026, 12, 2, tzinfo=UTC),
        )
    )
    texts.decide(context, finding.id, TextFindingStatus.EDITED, "De termijn is zes weken.")
    assert (finding.status, finding.edit_id) == (TextFindingStatus.EDITED, edit.id)


def test_the_queue_shows_what_waits_and_keeps_what_was_typed(finding, make, client_as):
    client = client_as(make.administrator())
    page = text(client.get("/beheer/wetten/teksten?stand=te_bekijken"))
    assert "Te bekijken" in page
    assert f"/beheer/wetten/teksten/{finding.id}" in page
    refused = client.post(f"/beheer/wetten/teksten/{finding.id}", data={"note": "Ik keek ernaar.", "status": ""})
    assert refused.status_code == 422
    assert "Ik keek ernaar." in text(refused)
    done = client.post(f"/beheer/wetten/teksten/{finding.id}", data={"note": "Klopt nog.", "status": "nagekeken"})
    assert done.status_code == 303
    assert "Niets gevonden" in text(client.get("/beheer/wetten/teksten?stand=te_bekijken"))
