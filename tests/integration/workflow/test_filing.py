"""Filing: what is needed, what a case gets, and that one draft makes one case."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.errors import NotFound, PermissionDenied, TooManyAttempts, VersionConflict
from knelpunt.domain.filing.rules import FilingIncomplete
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.vocabulary import SubmitterKind
from knelpunt.models import Case, Draft, OutboxMail
from knelpunt.services.filing import intake


def test_what_is_missing_is_said_by_field_and_nothing_is_saved(session, desk):
    context = desk.as_(VISITOR)
    draft = intake.create_draft(context, {"refused_on": "2027-01-01", "theme": "iets"})
    with pytest.raises(FilingIncomplete) as refused:
        intake.file_case(context, draft.key, draft.version)
    assert set(refused.value.problems) == {
        "title", "description", "municipality_id", "contact_email", "consents_seen", "refused_on", "theme",
    }  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Case)) == 0
    assert session.get(Draft, draft.id) is not None


@pytest.mark.parametrize("value", ["0", "-1", "1e9", "99999999999999999999", "१", "abc", "\x00"])
def test_a_municipality_that_is_none_is_refused(desk, value):
    with pytest.raises(FilingIncomplete) as refused:
        desk.file(municipality_id=value)
    assert set(refused.value.problems) == {"municipality_id"}


def test_a_draft_keeps_only_its_own_fields(desk):
    draft = intake.create_draft(desk.as_(VISITOR), {"title": "Kop\x00pig", "status": "afgesloten", "handler_id": "1"})
    assert draft.data == {"title": "Koppig"}


def test_the_law_of_the_day_is_that_of_the_refusal(desk):
    assert desk.file(refused_on="2019-05-20").law_date == date(2019, 5, 20)
    assert desk.file().law_date == date(2026, 11, 3)


def test_a_draft_becomes_one_case(session, desk):
    case = desk.file()
    context = desk.as_(VISITOR)
    assert intake.filed_case(context, case.draft_key) == case.reference
    with pytest.raises(NotFound):
        intake.file_case(context, case.draft_key, 1)
    assert session.scalar(select(func.count()).select_from(Case)) == 1
    assert session.scalars(select(OutboxMail.kind)).all() == ["ontvangstbevestiging"]


def test_two_editors_do_not_overwrite_each_other_unseen(desk):
    context = desk.as_(VISITOR)
    draft = intake.create_draft(context, {"title": "Eerste"})
    seen = draft.version
    intake.save_draft(context, draft.key, seen, {"title": "Tweede"})
    with pytest.raises(VersionConflict):
        intake.save_draft(context, draft.key, seen, {"title": "Derde"})


def test_an_organisation_files_with_a_mandate_and_the_right_to(session, desk, make):
    organisation = make.organisation()
    member, filer = make.member(organisation), make.filer(organisation)
    data = {"title": "Markt", "description": "Mag niet.", "consents_seen": "ja"}
    data["municipality_id"] = str(organisation.municipality_id)
    draft = intake.create_draft(desk.context(member), data)
    with pytest.raises(PermissionDenied):
        intake.file_case(desk.context(member), draft.key, draft.version)
    with pytest.raises(FilingIncomplete) as refused:
        intake.file_case(desk.context(filer), draft.key, draft.version)
    assert set(refused.value.problems) == {"mandate"}
    intake.save_draft(desk.context(filer), draft.key, draft.version, {"mandate": "ja"})
    case = intake.file_case(desk.context(filer), draft.key, draft.version)
    assert (case.organisation_id, case.author_id, case.submitter_kind) == (
        organisation.id,
        filer.id,
        SubmitterKind.MUNICIPALITY,
    )


def test_a_draft_of_an_organisation_is_closed_to_others_who_have_its_key(desk, make):
    draft = intake.create_draft(desk.context(make.filer()), {"title": "Van ons"})
    for stranger in (desk.as_(VISITOR), desk.context(make.filer()), desk.context(desk.triager)):
        with pytest.raises(NotFound):
            intake.open_draft(stranger, draft.key)


def test_numbers_follow_each_other(desk):
    first, second = desk.file(), desk.file()
    assert int(second.reference[-5:]) == int(first.reference[-5:]) + 1


def test_a_flood_with_one_address_is_stopped_and_another_address_is_not(desk, monkeypatch):
    monkeypatch.setattr(intake, "FILINGS_AN_HOUR", 2)
    for _ in range(2):
        desk.file()
    for same in ("initiatief@proef.example", "INITIATIEF@proef.example"):
        with pytest.raises(TooManyAttempts):
            desk.file(contact_email=same)
    assert desk.file(contact_email="ander@proef.example").reference
    desk.now += timedelta(hours=1, minutes=1)
    assert desk.file().reference
