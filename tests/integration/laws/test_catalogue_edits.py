"""Two administrators change the catalogue: four eyes, no change over another, and a load does not undo it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from knelpunt.adapters.files.catalogue import CATALOGUE_FILE
from knelpunt.commands.law_files import write_files
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.guides.track import GuideStatus
from knelpunt.domain.laws.changes import LawChangeKind
from knelpunt.domain.laws.edits import CatalogueEvent, EditStatus, EntryKind, fingerprint
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import (
    CatalogueEdit,
    Event,
    Guide,
    GuideProvision,
    Law,
    LawChange,
    LawSuccession,
    Provision,
    ReferenceVersion,
)
from knelpunt.queries.laws import edits as queries
from knelpunt.services.core.context import Context
from knelpunt.services.guides.editing import digest_of
from knelpunt.services.laws import edits
from knelpunt.services.laws.files import export_texts
from knelpunt.services.laws.loading import load_catalogue, read_catalogue
from tests.support.catalogue import shipped_catalogue

LAW, PROVISION = EntryKind.LAW, EntryKind.PROVISION
GROUNDS = {"reason": "De wet is gewijzigd.", "source_url": "https://zoek.officielebekendmakingen.nl/stb-2013-264.html"}


def act_of(session, account):
    actor = Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)
    return Context(session, actor, datetime.now(UTC), Links("http://localhost", "k" * 32))


@pytest.fixture
def proposer(session, make):
    return act_of(session, make.administrator())


@pytest.fixture
def decider(session, make):
    return act_of(session, make.administrator())


@pytest.fixture(autouse=True)
def loaded(session):
    load_catalogue(session, shipped_catalogue())


def fields_of(session, kind, key):
    return queries.one_entry(session, kind, key).fields


def proposed(context, kind, key, *, keeps_meaning=False, **changes):
    before = fields_of(context.session, kind, key)
    after = {**before, **changes}
    return edits.propose(context, kind, after, base_digest=fingerprint(before), keeps_meaning=keeps_meaning, **GROUNDS)


def a_guide(make):
    return make.add(Guide(slug="proef", status=GuideStatus.DRAFT, latest_number=1, updated_at=make.now))


def row_of(session, table, key):
    session.flush()
    return session.scalars(select(table).where(table.key == key).execution_options(populate_existing=True)).one()


def test_a_proposal_changes_nothing_until_another_administrator_approves_it(session, proposer, decider):
    edit = proposed(proposer, PROVISION, "lsw-3", decided_by="De gemeenteraad")
    assert row_of(session, Provision, "lsw-3").details["decided_by"] != "De gemeenteraad"
    edits.approve(decider, edit.id)
    row = row_of(session, Provision, "lsw-3")
    assert (row.details["decided_by"], row.is_ahead_of_file) == ("De gemeenteraad", True)
    assert (edit.status, edit.decided_by_id) == (EditStatus.APPROVED, decider.actor.account_id)
    assert edit.before["decided_by"] != "De gemeenteraad"
    kinds = session.scalars(
        select(Event.kind).where(Event.subject == "catalogus:bepaling:lsw-3").order_by(Event.number)
    )
    assert list(kinds) == [CatalogueEvent.PROPOSED, CatalogueEvent.APPROVED]


def test_who_proposes_does_not_decide_and_nobody_else_withdraws(session, proposer, decider):
    edit = proposed(proposer, PROVISION, "lsw-3", decided_by="De gemeenteraad")
    with pytest.raises(PermissionDenied):
        edits.approve(proposer, edit.id)
    with pytest.raises(PermissionDenied):
        edits.send_back(proposer, edit.id, "Nee.")
    with pytest.raises(PermissionDenied):
        edits.withdraw(decider, edit.id)
    edits.withdraw(proposer, edit.id)
    with pytest.raises(VersionConflict):
        edits.approve(decider, edit.id)
    with pytest.raises(NotFound):
        edits.approve(decider, edit.id + 1000)


def test_the_database_itself_refuses_a_decision_by_the_proposer(session, proposer):
    edit = proposed(proposer, PROVISION, "lsw-3", decided_by="De gemeenteraad")
    edit.status, edit.decided_by_id, edit.decided_at = EditStatus.APPROVED, edit.proposed_by_id, proposer.now
    with pytest.raises(IntegrityError, match="four_eyes"), session.begin_nested():
        session.flush()


def test_other_roles_propose_nothing(session, make):
    with pytest.raises(PermissionDenied):
        proposed(act_of(session, make.triager()), PROVISION, "lsw-3", decided_by="Ik")


def test_a_proposal_is_sent_back_with_a_note_and_leaves_the_catalogue_alone(session, proposer, decider):
    edit = proposed(proposer, LAW, "lsw", abbreviation="LW")
    with pytest.raises(DomainError) as refused:
        edits.send_back(decider, edit.id, "  ")
    assert refused.value.field == "note"
    edits.send_back(decider, edit.id, "Het is Lsw.")
    assert (edit.status, edit.note) == (EditStatus.SENT_BACK, "Het is Lsw.")
    assert row_of(session, Law, "lsw").abbreviation == "Lsw"
    with pytest.raises(VersionConflict):
        edits.send_back(decider, edit.id, "Nog eens.")


def test_an_entry_that_changed_since_is_not_overwritten(session, proposer, decider):
    edit = proposed(proposer, PROVISION, "lsw-3", decided_by="De gemeenteraad")
    row = row_of(session, Provision, "lsw-3")
    row.details = {**row.details, "procedure": "Anders"}
    with pytest.raises(VersionConflict):
        edits.approve(decider, edit.id)
    assert edit.status is EditStatus.PROPOSED
    edits.send_back(decider, edit.id, "De tekst is intussen anders.")
    with pytest.raises(VersionConflict):
        edits.propose(proposer, PROVISION, edit.after, base_digest=edit.base_digest, **GROUNDS)


def test_one_proposal_at_a_time_and_only_one_that_changes_something(session, proposer, decider):
    with pytest.raises(DomainError, match="niets gewijzigd"):
        proposed(proposer, PROVISION, "lsw-3")
    proposed(proposer, PROVISION, "lsw-3", decided_by="De gemeenteraad")
    with pytest.raises(DomainError, match="al een voorstel"):
        proposed(decider, PROVISION, "lsw-3", decided_by="De provincie")


@pytest.mark.parametrize(
    ("grounds", "field"),
    [({"reason": " "}, "reason"), ({"source_url": "stb-2013-264"}, "source_url"), ({"reason": "x" * 2001}, "reason")],
)
def test_a_reason_and_a_source_are_needed(session, proposer, grounds, field):
    before = fields_of(session, PROVISION, "lsw-3")
    with pytest.raises(DomainError) as refused:
        edits.propose(
            proposer,
            PROVISION,
            {**before, "decided_by": "Ik"},
            base_digest=fingerprint(before),
            **{**GROUNDS, **grounds},
        )
    assert refused.value.field == field


def test_what_the_file_would_refuse_is_refused_beside_its_field(session, proposer):
    with pytest.raises(edits.EditInvalid) as refused:
        proposed(proposer, PROVISION, "lsw-3", valid_from="juli 2019", instrument=" ", trigger_words=[], sources=["x"])
    assert set(refused.value.by_field) == {"valid_from", "instrument", "trigger_words", "sources"}
    assert refused.value.by_field["instrument"] == ["Vul dit in."]
    with pytest.raises(edits.EditInvalid) as refused:
        proposed(proposer, PROVISION, "lsw-3", replaced_by=["nergens"])
    assert refused.value.by_field == {"replaced_by": ["Bepaling 'nergens' staat niet in de catalogus."]}
    assert session.scalars(select(CatalogueEdit)).all() == []


def test_another_end_is_a_change_of_the_law_and_every_process_reads_again(session, proposer, decider):
    version = session.scalar(select(ReferenceVersion.version))
    edit = proposed(proposer, PROVISION, "lsw-3", valid_to="2027-06")
    edits.approve(decider, edit.id)
    row = row_of(session, Provision, "lsw-3")
    assert row.valid_to == date(2027, 6, 30)
    change = session.scalars(select(LawChange).where(LawChange.provision_id == row.id)).one()
    assert (change.kind, change.on_day) == (LawChangeKind.NEW_VALIDITY, date(2027, 7, 1))
    assert change.summary.endswith("het einde is nu woensdag 30 juni 2027 (eerst stond er geen dag).")
    assert session.scalar(select(ReferenceVersion.version)) != version


def test_another_word_to_be_found_by_is_no_change_of_the_law(session, proposer, decider):
    before = fields_of(session, PROVISION, "lsw-3")
    edit = proposed(proposer, PROVISION, "lsw-3", trigger_words=[*before["trigger_words"], "zolderkamer"])
    edits.approve(decider, edit.id)
    assert "zolderkamer" in row_of(session, Provision, "lsw-3").search_text
    assert session.scalars(select(LawChange)).all() == []


def test_a_new_provision_and_its_predecessor(session, proposer, decider):
    fields = {**fields_of(session, PROVISION, "lsw-3"), "id": "lsw-3-2027", "valid_from": "2027-01-01"}
    fields |= {"status_on_reference_date": "toekomstig", "replaced_by": []}
    with pytest.raises(DomainError) as refused:
        edits.propose(proposer, PROVISION, {**fields, "id": "lsw-3"}, base_digest="", **GROUNDS)
    assert refused.value.field == "id"
    new = edits.propose(proposer, PROVISION, fields, base_digest="", **GROUNDS)
    edits.approve(decider, new.id)
    assert new.before is None
    old = proposed(proposer, PROVISION, "lsw-3", replaced_by=["lsw-3-2027"], valid_to="2026-12-31")
    edits.approve(decider, old.id)
    kinds = {change.kind for change in session.scalars(select(LawChange))}
    assert kinds == {LawChangeKind.NEW_VALIDITY, LawChangeKind.SUCCESSOR}


def test_a_new_law_with_a_predecessor_is_named_back_there(session, proposer, decider):
    fields = {**fields_of(session, LAW, "lsw"), "id": "lsw-2", "case_keys": [], "predecessor": ["lsw"]}
    edit = edits.propose(proposer, LAW, fields, base_digest="", **GROUNDS)
    edits.approve(decider, edit.id)
    neighbour = row_of(session, Law, "lsw")
    assert (neighbour.details["successor"], neighbour.is_ahead_of_file) == (["lsw-2"], True)
    link = select(LawSuccession).where(LawSuccession.predecessor_key == "lsw", LawSuccession.successor_key == "lsw-2")
    assert session.scalars(link).one()
    assert [row.id for row in queries.history(session, LAW, "lsw")] == [edit.id]


def test_a_load_keeps_what_the_site_has_and_says_so_until_the_file_has_it_too(session, proposer, decider, tmp_path):
    new = {**fields_of(session, PROVISION, "lsw-3"), "id": "lsw-3-nieuw", "replaced_by": []}
    edits.approve(decider, edits.propose(proposer, PROVISION, new, base_digest="", **GROUNDS).id)
    edits.approve(decider, proposed(proposer, PROVISION, "lsw-3", decided_by="De gemeenteraad").id)

    report = load_catalogue(session, shipped_catalogue())
    assert report.ahead == ["lsw-3", "lsw-3-nieuw"]
    assert report.kept == report.law_changes == []
    assert "nog niet in het bestand: lsw-3, lsw-3-nieuw; draai knelpunt laws export." in report.in_words
    assert row_of(session, Provision, "lsw-3").details["decided_by"] == "De gemeenteraad"

    write_files(tmp_path, export_texts(session))
    exported = read_catalogue(tmp_path / CATALOGUE_FILE.name)
    assert next(row for row in exported.provisions if row.key == "lsw-3").details["decided_by"] == "De gemeenteraad"
    assert load_catalogue(session, exported).ahead == []
    assert not load_catalogue(session, exported).is_changed
    assert not row_of(session, Provision, "lsw-3").is_ahead_of_file

    assert "lsw-3" in load_catalogue(session, shipped_catalogue()).changed_keys
    assert row_of(session, Provision, "lsw-3").details["decided_by"] != "De gemeenteraad"


def test_an_export_after_an_edit_is_the_same_catalogue_again(session, proposer, decider, tmp_path):
    edits.approve(decider, proposed(proposer, LAW, "lsw", citation_title="Leegstandwet: «nieuw»").id)
    texts = export_texts(session)
    write_files(tmp_path, texts)
    load_catalogue(session, read_catalogue(tmp_path / CATALOGUE_FILE.name))
    assert export_texts(session) == texts
    assert row_of(session, Law, "lsw").citation_title == "Leegstandwet: «nieuw»"


def test_the_list_finds_words_and_tells_what_waits(session, proposer):
    edit = proposed(proposer, PROVISION, "lsw-3", decided_by="De gemeenteraad")
    found = queries.list_entries(session, queries.EntryFilter(text="leegstandwet lsw-3"), page=1)
    assert [(row.key, row.waiting_id) for row in found] == [("lsw-3-2010", None), ("lsw-3", edit.id)]
    waiting = queries.list_entries(session, queries.EntryFilter(state=queries.EntryState.WAITING), page=1)
    assert [row.key for row in waiting] == ["lsw-3"]
    assert queries.count_waiting(session) == len(queries.waiting_edits(session)) == 1
    first = queries.list_entries(session, queries.EntryFilter(), page=1)
    second = queries.list_entries(session, queries.EntryFilter(), page=2)
    assert first[-1] == second[0]
    assert queries.list_entries(session, queries.EntryFilter(text="%"), page=1) == []


def test_other_words_for_the_same_are_no_change_of_the_law_and_no_guide_is_looked_at_again(
    session, make, proposer, decider
):
    before = fields_of(session, PROVISION, "lsw-3")
    lean = make.add(
        GuideProvision(
            guide_id=a_guide(make).id,
            provision_id=row_of(session, Provision, "lsw-3").id,
            digest=digest_of(row_of(session, Provision, "lsw-3")),
        )
    )
    words = {
        "decided_by": f"{before['decided_by']} (voluit)",
        "conditions": [f"{each} " for each in before["conditions"]],
    }
    edit = proposed(proposer, PROVISION, "lsw-3", keeps_meaning=True, **words)
    edits.approve(decider, edit.id)
    assert row_of(session, Provision, "lsw-3").details["decided_by"].endswith("(voluit)")
    assert session.scalars(select(LawChange)).all() == []
    session.refresh(lean)
    assert lean.digest == digest_of(row_of(session, Provision, "lsw-3"))
    data = session.scalars(select(Event.data).where(Event.kind == CatalogueEvent.APPROVED)).all()
    assert data == [{"voorstel": edit.id, "zelfde_betekenis": True}]
    plain = proposed(proposer, PROVISION, "lsw-3", decided_by="De gemeenteraad")
    edits.approve(decider, plain.id)
    assert len(session.scalars(select(LawChange)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_to": "2027-06"}, "valid_to"),
        ({"valid_from": "2014-01-01"}, "valid_from"),
        ({"room_type": "experimenteerbepaling"}, "room_type"),
        ({"replaced_by": ["lsw-15-a"]}, "replaced_by"),
        ({"conditions": ["Een voorwaarde minder."]}, "conditions"),
        ({"start_known": False}, "start_known"),
    ],
)
def test_what_changes_what_holds_is_refused_as_other_words(session, proposer, changes, field):
    with pytest.raises(edits.EditInvalid) as refused:
        proposed(proposer, PROVISION, "lsw-3", keeps_meaning=True, **changes)
    assert field in refused.value.by_field
    assert session.scalars(select(CatalogueEdit)).all() == []
