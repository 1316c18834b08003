"""Makes rows for tests: give only what the test is about. Flushes, never commits."""

import secrets
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.laws.wordings import wordings_of
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.permissions import ORGANISATION_ROLES, SYSTEM, Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    AssessmentRole,
    CaseStatus,
    Channel,
    OrganisationKind,
    PublicationStatus,
    Result,
    Role,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models import (
    Account,
    Assessment,
    Case,
    Contact,
    FollowLink,
    Law,
    Municipality,
    Organisation,
    Province,
    Provision,
    ProvisionWording,
    PublishedCase,
)
from knelpunt.services.core import small_tables
from tests.support.law_details import law_details, provision_details

NUMBERS = count(1)
KEPT_IN_PROCESS = (Account, Law, Municipality, Organisation, Province)
"""Rows of the small tables that each process keeps; it is told when there is a new one."""


NOTHING_HAPPENED = date(2000, 1, 1)
"""Of a case without events."""


class Factory:
    """``make.case(status=...)``, ``make.triager()`` and so on; every column can be given by name."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = datetime.now(UTC)

    @property
    def today(self) -> date:
        return nl_day(self.now)

    def add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        if isinstance(row, KEPT_IN_PROCESS):
            small_tables.touch(self.session)
        return row

    # --- places and organisations

    def province(self, **columns: Any) -> Province:
        number = next(NUMBERS)
        values = {"code": f"PX{number}", "name": f"Proefprovincie {number}", "iso_code": f"NL-X{number}"}
        return self.add(Province(**{**values, **columns}))

    def municipality(self, **columns: Any) -> Municipality:
        number = next(NUMBERS)
        values = {"code": f"GX{number:04d}", "name": f"Proefgemeente {number}"}
        if "province_id" not in columns:
            values["province_id"] = self.province().id
        return self.add(Municipality(**{**values, **columns}))

    def organisation(self, kind: OrganisationKind = OrganisationKind.MUNICIPALITY, **columns: Any) -> Organisation:
        values: dict[str, Any] = {"kind": kind, "name": f"Proeforganisatie {next(NUMBERS)}"}
        if kind is OrganisationKind.MUNICIPALITY and "municipality_id" not in columns:
            values["municipality_id"] = self.municipality().id
        return self.add(Organisation(**{**values, **columns}))

    def ministry(self) -> Organisation:
        """One ministry that exists in the reference data, else a made one."""
        found = self.session.scalar(
            select(Organisation)
            .where(Organisation.kind == OrganisationKind.MINISTRY)
            .order_by(Organisation.id)
            .limit(1)
        )
        return found or self.organisation(OrganisationKind.MINISTRY)

    # --- accounts

    def account(self, role: Role, organisation: Organisation | None = None, **columns: Any) -> Account:
        number = next(NUMBERS)
        if organisation is None:
            organisation = self.organisation() if role in ORGANISATION_ROLES else self.ministry()
        values: dict[str, Any] = {
            "email": f"{role.value}-{number}@proef.example",
            "name": f"Proefaccount {number}",
            "role": role,
            "organisation_id": organisation.id,
            "created_at": self.now,
            "is_active": True,
        }
        return self.add(Account(**{**values, **columns}))

    def member(self, organisation: Organisation | None = None, **columns: Any) -> Account:
        return self.account(Role.MEMBER, organisation, **columns)

    def filer(self, organisation: Organisation | None = None, **columns: Any) -> Account:
        return self.account(Role.FILER, organisation, **columns)

    def organisation_admin(self, organisation: Organisation | None = None, **columns: Any) -> Account:
        return self.account(Role.ORGANISATION_ADMIN, organisation, **columns)

    def triager(self, **columns: Any) -> Account:
        return self.account(Role.TRIAGER, **columns)

    def handler(self, **columns: Any) -> Account:
        return self.account(Role.HANDLER, **columns)

    def reviewer(self, **columns: Any) -> Account:
        return self.account(Role.REVIEWER, **columns)

    def head_of_desk(self, **columns: Any) -> Account:
        return self.account(Role.HEAD_OF_DESK, **columns)

    def administrator(self, **columns: Any) -> Account:
        return self.account(Role.ADMINISTRATOR, **columns)

    @staticmethod
    def actor(account: Account | None = None) -> Actor:
        """The account as services know it; without one, the system."""
        if account is None:
            return SYSTEM
        return Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)

    # --- cases

    def case(self, status: CaseStatus = CaseStatus.SUBMITTED, *, email: str | None = None, **columns: Any) -> Case:
        """A case as a row, without events or clocks; with ``email`` it has a contact as a citizen's case has."""
        number = next(NUMBERS)
        filed_at = columns.get("filed_at", self.now - timedelta(days=1))
        filed_on = columns.get("filed_on", nl_day(filed_at))
        is_closed = status in {CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.ARCHIVED}
        values: dict[str, Any] = {
            "reference": f"KNP-{filed_on.year}-{90000 + number}",
            "status": status,
            "verdict": Verdict.UNDECIDED,
            "title": f"Proefgeval {number}",
            "description": "Een regel houdt ons plan tegen.",
            "theme": Theme.OTHER,
            "law_date": filed_on,
            "submitter_kind": SubmitterKind.MUNICIPALITY if "organisation_id" in columns else SubmitterKind.OTHER,
            "channel": Channel.ONLINE,
            "filed_at": filed_at,
            "filed_on": filed_on,
            "updated_at": self.now,
            "last_event_on": NOTHING_HAPPENED,
            "closed_on": self.today if is_closed else None,
            "result": {CaseStatus.CLOSED: Result.WITHIN_RULES, CaseStatus.WITHDRAWN: Result.WITHDRAWN}.get(status),
        }
        case: Case = self.add(Case(**{**values, **columns}))
        if email is not None:
            self.contact(case, email=email)
        return case

    def assessment(self, case: Case, provision: Provision, **columns: Any) -> Assessment:
        """A case weighed against a provision, as a row, without an event."""
        values: dict[str, Any] = {
            "case_id": case.id,
            "law_id": provision.law_id,
            "provision_id": provision.id,
            "role": AssessmentRole.BLOCKS,
            "on_date": case.law_date,
            "reasoning": "Past bij dit plan.",
            "basis": "loket",
            "made_at": self.now,
        }
        return self.add(Assessment(**{**values, **columns}))

    def published(self, case: Case | None = None, **columns: Any) -> PublishedCase:
        """What the public may read of a case, as a row; without a case, of a closed one made for it."""
        if case is None:
            case = self.case(CaseStatus.CLOSED, publication=PublicationStatus.PUBLIC)
        values: dict[str, Any] = {
            "case_id": case.id,
            "reference": case.reference,
            "title": case.title,
            "question": "Mag dit?",
            "answer": "Ja, dit mag.",
            "verdict": case.verdict,
            "result": case.result,
            "theme": case.theme,
            "submitter_kind": case.submitter_kind,
            "municipality_id": case.municipality_id,
            "provisions": [],
            "law_date": case.law_date,
            "filed_on": case.filed_on,
            "closed_on": case.closed_on,
            "published_on": self.today,
            "updated_at": self.now,
            "terms": func.to_tsvector("simple", "dit mag"),
        }
        return self.add(PublishedCase(**{**values, **columns}))

    def contact(self, case: Case, **columns: Any) -> Contact:
        values: dict[str, Any] = {
            "case_id": case.id,
            "name": "Proefpersoon",
            "email": "indiener@proef.example",
            "purpose": "behandeling",
            "ends_on": self.today + timedelta(days=365),
            "verified_at": self.now,
        }
        return self.add(Contact(**{**values, **columns}))

    def follow_link(self, case: Case, **columns: Any) -> FollowLink:
        values = {
            "case_id": case.id,
            "public_id": new_public_id(),
            "nonce": new_nonce(),
            "created_at": self.now,
        }
        return self.add(FollowLink(**{**values, **columns}))

    # --- laws

    def law(self, **columns: Any) -> Law:
        number = next(NUMBERS)
        values: dict[str, Any] = {
            "key": f"proefwet-{number}-{secrets.token_hex(3)}",
            "position": 10_000 + number,
            "citation_title": f"Proefwet {number}",
            "kind": "wet",
            "domain": "proef",
            "status": "geldend",
            "confidence": "verified",
            "case_keys": [],
            "search_text": f"proefwet {number}",
            **columns,
        }
        return self.add(Law(**{**values, "details": {**law_details(values), **columns.get("details", {})}}))

    def provision(self, law: Law | None = None, **columns: Any) -> Provision:
        number = next(NUMBERS)
        law = law or self.law()
        values: dict[str, Any] = {
            "key": f"{law.key}-{number}",
            "law_id": law.id,
            "position": number,
            "article": f"art. {number}",
            "instrument": "afwijking",
            "room_type": "maatwerk/ontheffing",
            "room_order": 2,
            "valid_from": date(2010, 1, 1),
            "start_is_known": True,
            "end_is_known": True,
            "confidence": "verified",
            "search_text": f"proefwet artikel {number}",
            **columns,
        }
        details = {**provision_details(values, law), **columns.get("details", {})}
        row = self.add(Provision(**{**values, "details": details}))
        for wording in wordings_of(details):
            self.add(ProvisionWording(provision_id=row.id, **asdict(wording)))
        return row
