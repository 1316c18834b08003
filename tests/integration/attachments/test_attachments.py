"""A file follows the transaction of its row, and only who may see the case gets it."""

import io
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import VISITOR, Actor
from knelpunt.domain.vocabulary import ActorKind, SubmitterKind
from knelpunt.models import Attachment, Case, Draft, Event, Organisation
from knelpunt.queries.cases import attachments as queries
from knelpunt.services.cases import attachments
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.core.context import Context
from tests.support import files
from tests.support.factories import Factory

RULES = AttachmentRules(max_bytes=1_000_000, max_per_case=3)
LINKS = Links("http://localhost", "a key that is only for tests, 32 characters")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def act_of(session: Session, actor: Actor) -> Context:
    return Context(session, actor, datetime.now(UTC), LINKS)


def a_draft(make: Factory, organisation: Organisation | None = None) -> Draft:
    return make.add(
        Draft(
            key=secrets.token_hex(16),
            kind=SubmitterKind.MUNICIPALITY if organisation else SubmitterKind.CITIZEN_INITIATIVE,
            organisation_id=organisation.id if organisation else None,
            data={},
            created_at=make.now,
            updated_at=make.now,
        )
    )


def keep(
    context: Context, store: FolderStore, name: str = "plan.pdf", content: bytes | None = None, **owner: Draft | Case
):
    return attachments.store(
        context, store, RULES, io.BytesIO(files.pdf() if content is None else content), name, **owner
    )


def names(store: FolderStore) -> set[str]:
    return {name for name, _ in store.list_all()}


def test_a_file_with_a_case_is_kept_and_recorded(session: Session, make: Factory, store: FolderStore) -> None:
    filer = make.filer()
    case = make.case(organisation_id=filer.organisation_id)
    kept = keep(act_of(session, make.actor(filer)), store, "../Plan\u202e van de tuin.PDF", case=case)
    session.commit()

    assert (kept.shown_name, kept.media_type, kept.author_id) == ("Plan van de tuin.pdf", "application/pdf", filer.id)
    assert names(store) == {kept.stored_name}
    with store.open(kept.stored_name) as file:
        assert file.read() == files.pdf()
    last = session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()
    assert (last.kind, last.case_id, last.data) == ("bijlage_toegevoegd", case.id, {"attachment_id": kept.id})


@pytest.mark.parametrize("end", ["rollback", "close"])
def test_a_transaction_that_ends_without_commit_takes_the_file_with_it(
    session: Session, make: Factory, store: FolderStore, end: str
) -> None:
    draft = a_draft(make)
    session.commit()
    keep(act_of(session, VISITOR), store, draft=draft)
    assert len(names(store)) == 1
    getattr(session, end)()
    assert names(store) == set()


def test_a_later_rollback_leaves_a_committed_file_alone(session: Session, make: Factory, store: FolderStore) -> None:
    draft = a_draft(make)
    kept = keep(act_of(session, VISITOR), store, draft=draft)
    session.commit()
    session.execute(select(Attachment.id).where(Attachment.id == kept.id))
    session.rollback()
    assert names(store) == {kept.stored_name}


def test_a_commit_with_an_unknown_outcome_leaves_the_file_to_the_sweeper(
    session: Session, make: Factory, store: FolderStore
) -> None:
    draft = a_draft(make)
    session.commit()
    kept = keep(act_of(session, VISITOR), store, draft=draft)

    @event.listens_for(session, "before_commit")
    def lose_the_answer(_session: Session) -> None:
        raise ConnectionError("the answer to COMMIT was lost")

    with pytest.raises(ConnectionError):
        session.commit()
    session.rollback()
    assert names(store) == {kept.stored_name}


def test_a_rolled_back_savepoint_keeps_the_files_of_the_rest(
    session: Session, make: Factory, store: FolderStore
) -> None:
    draft = a_draft(make)
    kept = keep(act_of(session, VISITOR), store, draft=draft)
    with session.begin_nested() as savepoint:
        savepoint.rollback()
    session.commit()
    assert names(store) == {kept.stored_name}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.svg", b"<svg/>", "Dit soort bestand"),
        ("x.pdf", b"<html>", "past niet bij de naam"),
        ("x.pdf", b"", "leeg"),
        ("x.pdf", files.pdf() + b" " * RULES.max_bytes, "te groot"),
    ],
)
def test_a_refused_file_leaves_no_trace(
    session: Session, make: Factory, store: FolderStore, name: str, content: bytes, reason: str
) -> None:
    draft = a_draft(make)
    with pytest.raises(DomainError, match=reason) as refused:
        keep(act_of(session, VISITOR), store, name, content, draft=draft)
    assert refused.value.field == "attachments"
    assert queries.of_draft(session, draft.id) == []
    assert names(store) == set()


def test_a_file_of_the_greatest_size_is_kept_and_one_byte_more_is_not(
    session: Session, make: Factory, store: FolderStore
) -> None:
    draft, context = a_draft(make), act_of(session, VISITOR)
    largest = "x" * (RULES.max_bytes - len(files.pdf("")))
    assert keep(context, store, content=files.pdf(largest), draft=draft).size == RULES.max_bytes
    with pytest.raises(DomainError, match="te groot"):
        keep(context, store, content=files.pdf(largest + "x"), draft=draft)
    assert len(queries.of_draft(session, draft.id)) == len(names(store)) == 1


def test_no_more_files_than_the_rule_allows(session: Session, make: Factory, store: FolderStore) -> None:
    draft = a_draft(make)
    context = act_of(session, VISITOR)
    for _ in range(RULES.max_per_case):
        keep(context, store, draft=draft)
    with pytest.raises(DomainError, match="hooguit 3 bestanden"):
        keep(context, store, draft=draft)
    assert len(queries.of_draft(session, draft.id)) == 3


def test_only_those_of_the_case_may_add_to_it(session: Session, make: Factory, store: FolderStore) -> None:
    filer, stranger = make.filer(), make.filer()
    case = make.case(organisation_id=filer.organisation_id)
    member = make.member(session.get(Organisation, filer.organisation_id))
    follower = Actor(ActorKind.SUBMITTER_LINK, case_id=case.id)
    for actor in (VISITOR, make.actor(stranger), Actor(ActorKind.SUBMITTER_LINK, case_id=case.id + 1)):
        with pytest.raises(NotFound):
            keep(act_of(session, actor), store, case=case)
    for account in (member, make.reviewer()):
        with pytest.raises(PermissionDenied):
            keep(act_of(session, make.actor(account)), store, case=case)
    for actor in (follower, make.actor(filer), make.actor(make.handler())):
        assert keep(act_of(session, actor), store, case=case).case_id == case.id


def test_only_those_of_the_case_get_its_file(session: Session, make: Factory, store: FolderStore) -> None:
    filer = make.filer()
    organisation = session.get(Organisation, filer.organisation_id)
    case = make.case(organisation_id=filer.organisation_id)
    kept = keep(act_of(session, make.actor(filer)), store, case=case)
    allowed = [
        make.actor(filer),
        make.actor(make.member(organisation)),
        make.actor(make.handler()),
        make.actor(make.reviewer()),
        Actor(ActorKind.SUBMITTER_LINK, case_id=case.id),
    ]
    refused = [
        VISITOR,
        make.actor(make.filer()),
        make.actor(make.organisation_admin()),
        make.actor(make.administrator()),
        Actor(ActorKind.SUBMITTER_LINK, case_id=case.id + 1),
    ]
    for actor in allowed:
        assert attachments.attachment_for(session, actor, kept.id).id == kept.id
    for actor in refused:
        with pytest.raises(NotFound):
            attachments.attachment_for(session, actor, kept.id)
    for wrong in (0, -1, kept.id + 1, 10**20):
        with pytest.raises(NotFound):
            attachments.attachment_for(session, make.actor(filer), wrong)


def test_a_file_of_a_draft_is_for_its_organisation_or_for_who_holds_its_key(
    session: Session, make: Factory, store: FolderStore
) -> None:
    filer = make.filer()
    organisation = session.get_one(Organisation, filer.organisation_id)
    theirs, citizens = a_draft(make, organisation), a_draft(make)
    of_organisation = keep(act_of(session, make.actor(filer)), store, draft=theirs)
    of_citizen = keep(act_of(session, VISITOR), store, draft=citizens)

    assert attachments.attachment_for(session, make.actor(make.member(organisation)), of_organisation.id)
    assert attachments.attachment_of_draft(session, citizens, of_citizen.id).id == of_citizen.id
    for actor in (VISITOR, make.actor(make.filer()), make.actor(make.handler())):
        for kept in (of_organisation, of_citizen):
            with pytest.raises(NotFound):
                attachments.attachment_for(session, actor, kept.id)
    with pytest.raises(NotFound):
        attachments.attachment_of_draft(session, citizens, of_organisation.id)


def test_a_file_taken_out_of_a_draft_goes_when_that_is_committed(
    session: Session, make: Factory, store: FolderStore
) -> None:
    draft = a_draft(make)
    context = act_of(session, VISITOR)
    kept = keep(context, store, draft=draft)
    session.commit()
    attachments.remove_from_draft(context, store, draft, kept.id)
    session.rollback()
    assert names(store) == {kept.stored_name}
    attachments.remove_from_draft(context, store, draft, kept.id)
    session.commit()
    assert names(store) == set()
    attachments.remove_from_draft(context, store, draft, kept.id)


def test_the_sweeper_removes_what_has_no_row_and_reports_what_has_no_file(
    session: Session, make: Factory, store: FolderStore, tmp_path: Path
) -> None:
    draft = a_draft(make)
    context = act_of(session, VISITOR)
    kept, lost = keep(context, store, draft=draft), keep(context, store, draft=draft)
    orphan = store.put(io.BytesIO(b"x"), 10)
    (tmp_path / "files" / ("a" * 32 + ".part")).write_bytes(b"half")
    store.delete(lost.stored_name)
    session.commit()

    young = attachments.sweep(session, store, datetime.now(UTC))
    assert (young.removed_files, young.rows_without_file) == (0, ())
    old = attachments.sweep(session, store, datetime.now(UTC) + timedelta(days=1, hours=1))
    assert (old.removed_files, old.rows_without_file) == (2, (lost.id,))
    assert names(store) == {kept.stored_name}
    assert orphan.name not in names(store)
