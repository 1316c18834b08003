"""Cases and clocks for reporting: read only, everything that is counted, and no word that anybody wrote."""

from typing import Any

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.permissions import ApiScope
from knelpunt.domain.vocabulary import (
    CaseStatus,
    PublicationStatus,
    Result,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.extensions import db
from knelpunt.queries.cases import lists
from knelpunt.queries.cases.lists import ReportedCase, ReportedClock
from knelpunt.queries.core.cases import REFERENCE_MAX_LENGTH, is_reference
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.web.api.organisation.access import ERRORS, endpoint
from knelpunt.web.api.shared.fields import Schema, choice, day, flag, moment, parts, text
from knelpunt.web.api.shared.paging import ListQuery, Page, cursor_of, place_in
from knelpunt.web.api.shared.resources import Resource

reporting = Resource(
    "api_reporting", "/rapportage", "Rapportage", "Alle zaken en termijnen, voor systemen van ministeries."
)


class ReportedCaseSchema(Schema):
    """A case, without its texts."""

    reference = text("nummer", "Nummer van de zaak.")
    status = choice("staat", CaseStatus, "Waar de zaak is.")
    verdict = choice("oordeel", Verdict, "Het oordeel van het loket.")
    result = choice("resultaat", Result, "Hoe de zaak eindigde.", nullable=True)
    publication = choice("openbaarheid", PublicationStatus, "Wie de openbare tekst mag lezen.")
    submitter_kind = choice("indiener", SubmitterKind, "Wat voor indiener het is.")
    theme = choice("thema", Theme, "Waar het over gaat.")
    municipality = text("gemeente", "Waar het speelt: code van het CBS.", nullable=True)
    province = text("provincie", "Code van de provincie.", nullable=True)
    law = text("wet", "Sleutel van de wet waarom het vooral gaat.", nullable=True)
    filed_on = day("ingediendOp", "De dag van indienen.")
    closed_on = day("afgeslotenOp", "De dag van afsluiten.", nullable=True)
    due_on = day("uiterlijkOp", "Tot en met welke dag de lopende termijn gaat.", nullable=True)
    due_clock = choice("termijn", Clock, "Welke termijn loopt.", nullable=True)
    changed_at = moment("gewijzigdOp", "Wanneer er voor het laatst iets gebeurde.")


class StandstillSchema(Schema):
    """A stretch in which a term stood still."""

    from_day = day("vanaf", "De eerste dag.")
    until_day = day("totEnMet", "De laatste dag. Leeg (null) als de termijn nog stilstaat.", nullable=True)


class ReportedClockSchema(Schema):
    """One run of a term of a case."""

    reference = text("nummer", "Nummer van de zaak.")
    clock = choice("termijn", Clock, "Welke termijn het is.")
    started_on = day("begonnenOp", "De dag waarop de termijn begon. Die telt zelf niet mee.")
    due_on = day("uiterlijkOp", "De laatste dag. Leeg (null) zolang de termijn stilstaat.", nullable=True)
    stopped_on = day("gestoptOp", "De dag waarop de termijn stopte.", nullable=True)
    fell_away = flag("vervallen", "Of de termijn verviel: het hoefde niet meer. Dan telt hij niet mee als op tijd.")
    standstills = parts("stilstand", StandstillSchema, "Wanneer de termijn stilstond.")


class ReportedCaseQuery(ListQuery):
    """What the list of cases may be asked."""

    changed_since = moment("gewijzigdSinds", "Alleen zaken waarin sinds dit moment iets gebeurde.")


class ReportedClockQuery(ListQuery):
    """What the list of terms may be asked."""

    reference = text("nummer", "Alleen de termijnen van deze zaak.", longest=REFERENCE_MAX_LENGTH)


@endpoint(reporting, "/zaken", ApiScope.REPORTING)
@reporting.lists(ReportedCaseSchema, ReportedCaseQuery, about="Alle zaken, zonder teksten.", errors=ERRORS)
def reported_cases(asked: dict[str, Any]) -> Page:
    """All cases, for figures."""
    names, size = reference(db.session), asked["limit"]
    rows = lists.reported_cases(db.session, size, _place(asked), asked.get("changed_since"))
    following = cursor_of(str(rows[size - 1].id)) if len(rows) > size else None
    return Page([_case(each, names) for each in rows[:size]], following)


@endpoint(reporting, "/termijnen", ApiScope.REPORTING)
@reporting.lists(ReportedClockSchema, ReportedClockQuery, about="Alle termijnen van alle zaken.", errors=ERRORS)
def reported_clocks(asked: dict[str, Any]) -> Page:
    """All clocks, of all cases or of one."""
    number, size = asked.get("reference"), asked["limit"]
    if number is not None and not is_reference(number):
        return Page([])
    rows = lists.reported_clocks(db.session, size, _place(asked), number)
    following = cursor_of(str(rows[size - 1].id)) if len(rows) > size else None
    return Page([_clock(each) for each in rows[:size]], following)


def _id_in(place: str) -> int | None:
    return int(place) if place.isascii() and place.isdecimal() and len(place) < 19 else None


def _place(asked: dict[str, Any]) -> int:
    return place_in(asked.get("cursor"), _id_in) or 0


def _case(row: ReportedCase, names: Reference) -> dict[str, Any]:
    province = names.provinces.get(row.province_id or 0)
    law = names.laws.get(row.main_law_id or 0)
    shown = {name: getattr(row, name) for name in ReportedCaseSchema._declared_fields if hasattr(row, name)}
    return {
        **shown,
        "municipality": names.municipality_code(row.municipality_id),
        "province": province.code if province else None,
        "law": law.key if law else None,
        "changed_at": row.updated_at,
    }


def _clock(row: ReportedClock) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ReportedClockSchema._declared_fields if hasattr(row, name)}
    standstills = [{"from_day": first, "until_day": last} for first, last in row.suspended]
    return {**shown, "standstills": standstills}
