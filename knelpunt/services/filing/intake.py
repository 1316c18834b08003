"""From the first words to a numbered case: drafts, and filing them once."""

import secrets
from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.archive.retention import ARCHIVED
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.errors import DomainError, NotFound, TooManyAttempts, VersionConflict
from knelpunt.domain.filing.pointed_rules import MOST_CHOICES, RuleChoice, day_of_law, read_choices, write_choices
from knelpunt.domain.filing.rules import (
    CONTACT_KEPT,
    DRAFT_FIELDS,
    TEXT_FIELDS,
    TEXT_LENGTH,
    Filing,
    FilingIncomplete,
    check_filing,
    clean,
)
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    Channel,
    OrganisationKind,
    PublicationStatus,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models import (
    Attachment,
    Case,
    CaseNumber,
    CasePoint,
    Contact,
    Draft,
    Municipality,
    Organisation,
    PointedRule,
)
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import reference
from knelpunt.queries.filing import drafts
from knelpunt.queries.laws import rule_choices
from knelpunt.services.core import bounds, clocks, events, search_index
from knelpunt.services.core.bounds import Bound, Visit
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_filing as joint
from knelpunt.services.filing import mail_texts as texts
from knelpunt.services.filing import signatures
from knelpunt.services.mail import messages

FILINGS_AN_HOUR = 20
"""How many filings one contact address may make in an hour."""
FILINGS_UNCONFIRMED = 3
"""The same for an address of which nobody ever said that it is theirs: each filing mails a receipt to it."""
DRAFTS_A_FILING = 3
"""How many drafts may be begun for each filing that may be made from an internet address."""
TOO_MANY_FILINGS = Text(
    "Vanaf uw internetadres kwamen het afgelopen uur al veel meldingen binnen. Uw concept is bewaard. "
    "Verstuur het over een uur opnieuw."
)
TOO_MANY_TO_ADDRESS = Text(
    "Van dit e-mailadres kwamen het afgelopen uur al veel meldingen binnen. Uw concept is bewaard. Verstuur het over "
    "een uur opnieuw."
)
TOO_MANY_TO_STRANGER = Text(
    "Naar dit e-mailadres stuurden wij het afgelopen uur al een paar mails. Niemand heeft het adres nog "
    "bevestigd. Open de link in zo'n mail en bevestig het adres. Of wacht een uur. Uw concept is bewaard."
)
TOO_MANY_DRAFTS = Text("Vanaf dit internetadres begon men al veel meldingen. Wacht een uur en begin dan opnieuw.")
CONTACT_PURPOSE = "behandeling van de melding"
SUBMITTER_KINDS = {
    OrganisationKind.MUNICIPALITY: SubmitterKind.MUNICIPALITY,
    OrganisationKind.PROVINCE: SubmitterKind.PROVINCE,
    OrganisationKind.HOUSING_CORPORATION: SubmitterKind.HOUSING_CORPORATION,
    OrganisationKind.SCHOOL_BOARD: SubmitterKind.SCHOOL_BOARD,
    OrganisationKind.INITIATIVE: SubmitterKind.CITIZEN_INITIATIVE,
}


def create_draft(context: Context, data: Mapping[str, str], visit: Visit | None = None) -> Draft:
    """Begin a draft: of the actor's organisation, or of whoever holds its key.

    Args:
        visit: where a visitor without an account comes from.
    Raises:
        TooManyAttempts: many drafts were begun from there in the last hour.
        PermissionDenied: a signed-in account whose role does not file cases.
    """
    kind = SubmitterKind.CITIZEN_INITIATIVE
    if context.actor.kind in (ActorKind.ACCOUNT, ActorKind.CLIENT):
        context.actor.require(Permission.EDIT_DRAFT)
        organisation = context.session.get_one(Organisation, context.actor.organisation_id)
        kind = SUBMITTER_KINDS.get(organisation.kind, SubmitterKind.OTHER)
    elif visit is not None:
        bounds.count(context.session, _drafts_from(visit), context.now)
    return _new_draft(context, kind, context.actor.organisation_id, data)


def create_draft_at_desk(context: Context, data: Mapping[str, str]) -> Draft:
    """Begin a resident's draft for somebody who called or came by; the account at the desk stays its author.

    Raises:
        PermissionDenied: an account that does not take cases in.
    """
    context.actor.require(Permission.TRIAGE_CASE)
    return _new_draft(context, SubmitterKind.CITIZEN_INITIATIVE, None, data)


def _new_draft(context: Context, kind: SubmitterKind, organisation_id: int | None, data: Mapping[str, str]) -> Draft:
    draft = Draft(
        key=secrets.token_hex(16),
        kind=kind,
        organisation_id=organisation_id,
        author_id=context.actor.account_id,
        updated_by_id=context.actor.account_id,
        data=_kept(data),
        language=context.language,
        created_at=context.now,
        updated_at=context.now,
    )
    context.session.add(draft)
    context.session.flush()
    return draft


def open_draft(context: Context, key: str, *, version: int | None = None) -> Draft:
    """The draft with this key, locked.

    A citizen's draft opens for whoever holds its key; an organisation's for its own colleagues only.

    Raises:
        NotFound: no such draft, or not for this actor.
        VersionConflict: somebody saved it since this actor read it.
    """
    draft = context.session.scalar(
        select(Draft).where(Draft.key == key).with_for_update().execution_options(populate_existing=True)
    )
    if draft is None or not may_open(context.actor, draft.organisation_id):
        raise NotFound(Text("Dit concept bestaat niet meer. Misschien is het al ingediend of verwijderd."))
    if version is not None and draft.version != version:
        raise VersionConflict(Text("Iemand anders heeft dit concept intussen bewaard."))
    return draft


def may_open(actor: Actor, organisation_id: int | None) -> bool:
    """Whether an actor who holds the key of a draft may open it; that of a resident is for people only."""
    if organisation_id is None:
        return actor.client_id is None
    return actor.can(Permission.EDIT_DRAFT) and actor.organisation_id == organisation_id


def save_draft(context: Context, key: str, version: int, data: Mapping[str, str]) -> Draft:
    """Keep what was typed, checked for nothing but length. Fields that are not sent stay as they were."""
    draft = open_draft(context, key, version=version)
    changed = {**draft.data, **_kept(data)}
    if changed != draft.data:
        signatures.void_after_edit(context, draft)
    draft.data = changed
    draft.updated_at, draft.updated_by_id, draft.warned_at = context.now, context.actor.account_id, None
    context.session.flush()
    return draft


def discard_draft(context: Context, key: str, version: int) -> None:
    """Throw a draft away, with its attachments (the sweeper removes their files)."""
    draft = open_draft(context, key, version=version)
    context.session.execute(delete(Draft).where(Draft.id == draft.id))


def filed_case(context: Context, key: str) -> str | None:
    """The number of the case that was made of the draft with this key; None when there is none (yet)."""
    found = context.session.execute(
        select(Case.reference, Case.organisation_id).where(Case.draft_key == key)
    ).one_or_none()
    return found.reference if found is not None and may_open(context.actor, found.organisation_id) else None


def file_case(
    context: Context,
    key: str,
    version: int,
    last_words: Mapping[str, str] | None = None,
    visit: Visit | None = None,
) -> Case:
    """Step 2: make a case of a draft, with its number, clocks, contact, event and receipt in one transaction.

    Args:
        last_words: fields that were filled in with the button that files it.
        visit: where a visitor without an account comes from.
    Raises:
        FilingIncomplete: something must be filled in or mended.
        PermissionDenied: the account may write drafts, but not file.
        TooManyAttempts: too much was filed in the last hour, with this contact address or from this internet address.
        VersionConflict, NotFound: as ``open_draft``.
    """
    draft = open_draft(context, key, version=version)
    by_organisation = draft.organisation_id is not None
    if by_organisation:
        context.actor.require(Permission.FILE_CASE)
    signature = signatures.require_signed(context, draft)
    filing = check_filing(
        {**draft.data, **_kept(last_words or {})},
        by_organisation=by_organisation,
        today=context.today,
        at_desk=_is_at_desk(context, by_organisation),
    )
    municipality = _municipality(context, filing, context.today)
    rules = _rules(context, filing)
    if filing.contact_email:
        _require_calm(context, messages.checked_address(filing.contact_email), by_visitor=visit is not None)
    if visit is not None and context.actor.kind is not ActorKind.ACCOUNT:
        bounds.count(context.session, _filings_from(visit), context.now)
    case = Case(
        reference=next_reference(context),
        status=CaseStatus.SUBMITTED,
        verdict=Verdict.UNDECIDED,
        publication=PublicationStatus.INTERNAL,
        title=filing.title,
        description=filing.description,
        **filing.texts,
        theme=filing.theme,
        refused_on=filing.refused_on,
        rule_is_unknown=filing.rule_is_unknown,
        law_date=filing.refused_on or context.today,
        submitter_kind=draft.kind,
        organisation_id=draft.organisation_id,
        author_id=context.actor.account_id if by_organisation else draft.author_id,
        municipality_id=municipality.id,
        province_id=municipality.province_id,
        may_share=filing.may_share,
        may_publish=filing.may_publish,
        channel=Channel.DESK if draft.author_id is not None and not by_organisation else Channel.ONLINE,
        draft_key=draft.key,
        language=context.language,
        filed_at=context.now,
        filed_on=context.today,
        updated_at=context.now,
    )
    runs = clocks.first_runs(context, case, steps.FILE)
    context.session.add(case)
    context.session.flush()
    for run in runs:
        run.case_id = case.id
    context.session.add_all(runs)
    context.session.add_all(
        PointedRule(case_id=case.id, law_id=law_id, provision_id=provision_id, on_date=case.law_date)
        for law_id, provision_id in rules
    )
    asked_along = joint.ask_along(context, case, filing.partners, context.today + CONTACT_KEPT)
    if filing.point is not None:
        context.session.add(CasePoint(case_id=case.id, point=filing.point.text, ends_on=context.today + CONTACT_KEPT))
    # Kept in a variable: the mail below then finds it in the session.
    has_contact = filing.contact_email or filing.contact_address or filing.contact_phone
    contact = _contact(context, case, filing) if has_contact and not by_organisation else None
    if contact is not None:
        context.session.add(contact)
    context.session.execute(
        update(Attachment).where(Attachment.draft_id == draft.id).values(draft_id=None, case_id=case.id)
    )
    if signature is not None:
        signatures.carry_over(context, signature, case)
        context.session.flush()
    context.session.execute(delete(Draft).where(Draft.id == draft.id))
    search_index.index_case(context.session, case)
    messages.notify_submitter(context, case, texts.receipt(next_date=case.due_on, asked_along=asked_along), is_new=True)
    events.record(
        context,
        steps.FILE.name,
        case=case,
        status_before=CaseStatus.DRAFT,
        data={"klokken": clocks.begun(runs), "mandaat": by_organisation, **signatures.told(signature)},
    )
    return case


def problems_of(context: Context, data: Mapping[str, str], *, by_organisation: bool) -> dict[str, str]:
    """What must still be filled in or mended before a draft can be filed: a Dutch sentence by field."""
    problems: dict[str, str] = {}
    try:
        at_desk = _is_at_desk(context, by_organisation)
        filing = check_filing(data, by_organisation=by_organisation, today=context.today, at_desk=at_desk)
        _municipality(context, filing, context.today)
        _rules(context, filing)
    except FilingIncomplete as incomplete:
        problems.update(incomplete.problems)
    address = clean(data.get("contact_email", ""))
    if address and not messages.is_address(address):
        problems["contact_email"] = Text("Dit e-mailadres klopt niet. Een adres lijkt op naam@voorbeeld.nl.")
    return problems


def _is_at_desk(context: Context, by_organisation: bool) -> bool:
    """Whether somebody at the desk files for another person."""
    return not by_organisation and context.actor.can(Permission.TRIAGE_CASE)


def _kept(data: Mapping[str, str]) -> dict[str, str]:
    return {name: clean(text)[: 2 * TEXT_LENGTH] for name, text in data.items() if name in DRAFT_FIELDS}


def _municipality(context: Context, filing: Filing, today: date) -> Municipality:
    named, today_of = filing.municipality_id, reference(context.session).today_of
    municipality = context.session.get(Municipality, today_of.get(named, named))
    if municipality is None or (municipality.valid_to is not None and municipality.valid_to < today):
        raise FilingIncomplete({"municipality_id": Text("Kies een gemeente uit de lijst.")})
    return municipality


def _rules(context: Context, filing: Filing) -> list[tuple[int, int | None]]:
    """The law and provision behind each rule that was pointed at."""
    known = rule_choices.ids_of(context.session, filing.rules)
    if len(known) < len(filing.rules):
        raise FilingIncomplete(
            {"rules": Text("Een regel die u koos, staat niet meer in de wettencatalogus. Haal hem weg.")}
        )
    return [known[choice] for choice in filing.rules]


def _require_calm(context: Context, address: str, *, by_visitor: bool) -> None:
    """Refuse a flood: every filing mails a receipt, and the address may be somebody else's."""
    count, is_confirmed = drafts.filings_since(context.session, address, context.now - bounds.HOUR)
    if count >= FILINGS_AN_HOUR:
        raise TooManyAttempts(TOO_MANY_TO_ADDRESS, retry_after=bounds.HOUR)
    is_strange = by_visitor and not is_confirmed
    if is_strange and count >= FILINGS_UNCONFIRMED:
        raise TooManyAttempts(TOO_MANY_TO_STRANGER, retry_after=bounds.HOUR)
    # Counted too: whoever files to the same address at this moment waits, and an address that was mended stays counted.
    most = FILINGS_UNCONFIRMED if is_strange else FILINGS_AN_HOUR
    refusal = TOO_MANY_TO_STRANGER if is_strange else TOO_MANY_TO_ADDRESS
    bounds.count(context.session, Bound("filings to", address.lower(), most, bounds.HOUR, refusal), context.now)


def _filings_from(visit: Visit) -> Bound:
    return Bound("filings", visit.network, visit.filings_an_hour, bounds.HOUR, TOO_MANY_FILINGS)


def _drafts_from(visit: Visit) -> Bound:
    most = DRAFTS_A_FILING * visit.filings_an_hour
    return Bound("drafts", visit.network, most, bounds.HOUR, TOO_MANY_DRAFTS)


def _contact(context: Context, case: Case, filing: Filing) -> Contact:
    return Contact(
        case_id=case.id,
        name=filing.contact_name,
        email=filing.contact_email,
        phone=filing.contact_phone,
        postal_address=filing.contact_address,
        purpose=CONTACT_PURPOSE,
        ends_on=context.today + CONTACT_KEPT,
    )


def next_reference(context: Context) -> str:
    """The next number of the year, such as KNP-2026-00042. The row lock orders filings that come at once."""
    year = context.today.year
    number = context.session.scalar(
        insert(CaseNumber)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last": CaseNumber.last + 1})
        .returning(CaseNumber.last)
    )
    return f"KNP-{year}-{number:05d}"


def copy_to_draft(context: Context, reference: str) -> Draft:
    """Begin a draft with the texts, theme, municipality and rules of a case.

    Not copied: files, contact data, consents, the mandate and the day of a refusal, which belong to that one case.

    Raises:
        NotFound: there is no such case, or it is another organisation's.
        PermissionDenied: the account does not write drafts.
        DomainError: the texts are gone: the case is in the archive.
    """
    case = cases.get_by_reference(context.session, reference)
    context.actor.require_part_in(case.id, case.organisation_id)
    context.actor.require(Permission.EDIT_DRAFT)
    if case.archived_on is not None:
        raise DomainError(ARCHIVED)
    texts = {name: getattr(case, name) or "" for name in ("title", "description", *TEXT_FIELDS)}
    municipality_id = "" if case.municipality_id is None else str(case.municipality_id)
    rules = write_choices(rule_choices.of_case(context.session, case.id))
    theme = "" if case.theme is Theme.UNKNOWN else case.theme.value
    return create_draft(context, {**texts, "theme": theme, "municipality_id": municipality_id, "rules": rules})


FIELD = "rules"


def choose(context: Context, key: str, choice: RuleChoice) -> Draft:
    """Add a rule to a draft; a second time changes nothing. "I do not know" is no longer the answer then.

    Raises:
        DomainError: the rule did not hold on the day of the draft, the catalogue does not know it, or there are ten.
        NotFound: as ``open_draft``.
    """
    draft = open_draft(context, key)
    held = read_choices(draft.data.get(FIELD, ""))
    if choice in held:
        return draft
    options = rule_choices.chosen(context.session, (choice,), day_of_law(draft.data, context.today))
    if not options or not options[0].held:
        raise DomainError("Deze regel gold niet op die dag. Kies een regel die toen wel gold.")
    if len(held) >= MOST_CHOICES:
        raise DomainError(f"U kunt hooguit {MOST_CHOICES} regels kiezen. Haal er eerst een weg.")
    return save_draft(context, key, draft.version, {FIELD: write_choices((*held, choice)), "rule_unknown": ""})


def drop(context: Context, key: str, choice: RuleChoice) -> Draft:
    """Take a rule out of a draft; silent when it is gone already."""
    draft = open_draft(context, key)
    held = read_choices(draft.data.get(FIELD, ""))
    if choice not in held:
        return draft
    return save_draft(context, key, draft.version, {FIELD: write_choices(one for one in held if one != choice)})
