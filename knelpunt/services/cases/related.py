"""Cases that belong together: linking them, and splitting one that holds two questions. Never merging."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.filing.rules import CONTACT_KEPT
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseLinkKind, CaseStatus, EventKind, PublicationStatus, Verdict
from knelpunt.models import Case, CaseLink, Contact
from knelpunt.queries.cases.page_rows import CaseFacts
from knelpunt.queries.core import cases
from knelpunt.queries.core.cases import is_reference
from knelpunt.queries.search import related
from knelpunt.queries.search.results import FoundCase
from knelpunt.services.cases.mail_texts import steps as texts
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import clocks, events, search_index
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake
from knelpunt.services.mail import messages

KINDS_BY_HAND = (
    CaseLinkKind.SAME_PROJECT,
    CaseLinkKind.SAME_RULE,
    CaseLinkKind.FOLLOW_UP,
    CaseLinkKind.DUPLICATE,
)
"""A part that was split off is linked by the split itself."""
NOT_OWN = "Dubbel kan alleen bij twee zaken van één indiener. Zet een andere zaak bij een regelknelpunt."
_LINK_LOCK = 2_013_116
"""Linking is serialised by this advisory lock: two rows that do not exist yet cannot be locked."""
_COPIED = (
    "theme",
    "refused_on",
    "law_date",
    "submitter_kind",
    "organisation_id",
    "author_id",
    "municipality_id",
    "municipality_then",
    "province_id",
    "may_share",
    "may_publish",
    "channel",
    "language",
)


def files_like(
    session: Session, actor: Actor, case: CaseFacts, words: Sequence[str], *, most: int = related.SHOWN
) -> list[tuple[FoundCase, list[str]]]:
    """The cases like one, with the words that they share: the most alike, then those of the same municipality
    that share one rare word, which stands in the title of either.

    Args:
        words: small queries, one per idea of the case.
    """
    text = f"{case.title} {case.description}"
    found = related.similar_files(session, actor, case.id, words)
    if case.municipality_id is not None:
        own = search_index.whole_words(case.title)
        asked = own | search_index.whole_words(case.description[: search_index.QUESTION_CHARACTERS])
        for near in related.near_files(session, actor, case.id, case.municipality_id, list(asked.values())):
            titles = own | search_index.whole_words(near.found.title)
            is_known = any(each.reference == near.found.reference for each in found)
            if not is_known and not set(titles.values()).isdisjoint(near.words):
                found.append(near.found)
    return [(each, search_index.shared_words(text, f"{each.title} {each.text}")) for each in found[:most]]


def link(context: Context, reference: str, version: int, other_reference: str, kind: CaseLinkKind) -> CaseLink:
    """Say how two cases belong together.

    Raises:
        DomainError: on ``other``: there is no such case, it is this one, or they are linked already; or two cases of
            different submitters are called doubles.
    """
    context.session.execute(
        select(func.pg_advisory_xact_lock(_LINK_LOCK))
    )  # a link is made from both sides at once, once
    _hold_both(context, reference, other_reference)
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    other = _other(context, case, other_reference)
    if kind not in KINDS_BY_HAND:
        raise DomainError("Kies hoe de zaken bij elkaar horen.", field="kind")
    if kind is CaseLinkKind.DUPLICATE and not _is_same_submitter(context, case, other):
        raise DomainError(NOT_OWN, field="kind")
    if _between(context, case, other) is not None:
        raise DomainError("Deze zaken zijn al gekoppeld.", field="other")
    first, second = (case, other) if _is_directed(kind) or case.id < other.id else (other, case)
    made = CaseLink(
        case_id=first.id, other_id=second.id, kind=kind, linked_by_id=context.actor.account_id, linked_at=context.now
    )
    context.session.add(made)
    case.updated_at = context.now
    _record_on_both(context, EventKind.CASE_LINKED, made)
    return made


def unlink(context: Context, reference: str, version: int, other_reference: str) -> None:
    """Take a link away; that a part was split off stays."""
    _hold_both(context, reference, other_reference)
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    other = _other(context, case, other_reference)
    found = _between(context, case, other)
    if found is None or found.kind is CaseLinkKind.SPLIT:
        raise NotFound()
    context.session.delete(found)
    case.updated_at = context.now
    _record_on_both(context, EventKind.CASE_UNLINKED, found)


def split(context: Context, reference: str, version: int, *, title: str, description: str) -> Case:
    """Make a second case of a part of this one, for the same submitter, who hears of it. The first stays as it is.

    The new case begins at the start with clocks of its own; contact, consent and handler's day of law are those of
    the first.

    Raises:
        DomainError: the case is over, or a text is missing.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    if case.status not in OPEN_STATUSES:
        raise DomainError("Deze zaak is niet meer open.")
    if not title.strip():
        raise DomainError("Geef het nieuwe deel een titel.", field="title")
    if not description.strip():
        raise DomainError("Schrijf op waar het nieuwe deel over gaat.", field="description")
    made = Case(
        reference=intake.next_reference(context),
        status=CaseStatus.SUBMITTED,
        verdict=Verdict.UNDECIDED,
        publication=PublicationStatus.INTERNAL,
        title=title.strip(),
        description=description.strip(),
        **{name: getattr(case, name) for name in _COPIED},
        filed_at=context.now,
        filed_on=context.today,
        updated_at=context.now,
    )
    runs = clocks.first_runs(context, made, steps.FILE)
    context.session.add(made)
    context.session.flush()
    for run in runs:
        run.case_id = made.id
    context.session.add_all(runs)
    _copy_contact(context, case, made)
    context.session.add(
        CaseLink(
            case_id=made.id,
            other_id=case.id,
            kind=CaseLinkKind.SPLIT,
            linked_by_id=context.actor.account_id,
            linked_at=context.now,
        )
    )
    case.updated_at = context.now
    search_index.index_case(context.session, made)
    events.record(
        context,
        EventKind.FILED,
        case=made,
        status_before=CaseStatus.DRAFT,
        data={"klokken": clocks.begun(runs), "afgesplitst_van": case.id},
    )
    events.record(context, EventKind.CASE_SPLIT, case=case, data={"andere": made.id})
    messages.notify_submitter(
        context, made, texts.split(first_reference=case.reference, next_date=made.due_on), is_new=True
    )
    return made


def _copy_contact(context: Context, case: Case, made: Case) -> None:
    contact = context.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None:
        return
    columns = {column.key: getattr(contact, column.key) for column in Contact.__table__.columns}
    context.session.add(Contact(**{**columns, "case_id": made.id, "ends_on": context.today + CONTACT_KEPT}))


def _hold_both(context: Context, *references: str) -> None:
    """Lock two cases in one order before either is read: both get an event, and who holds several goes by number."""
    wanted = [each.strip().upper() for each in references if is_reference(each.strip().upper())]
    context.session.execute(select(Case.id).where(Case.reference.in_(wanted)).order_by(Case.id).with_for_update())


def _record_on_both(context: Context, kind: EventKind, link: CaseLink) -> None:
    """Write in the file of either case what was done; ``omgekeerd`` in the one that the link leads to."""
    for case_id, other_id in ((link.case_id, link.other_id), (link.other_id, link.case_id)):
        turned = {} if case_id == link.case_id else {"omgekeerd": True}
        case = context.session.get_one(Case, case_id)
        events.record(context, kind, case=case, data={"andere": other_id, "soort": link.kind.value, **turned})


def _other(context: Context, case: Case, reference: str) -> Case:
    try:
        other = cases.get_by_reference(context.session, reference.strip().upper())
    except NotFound:
        raise DomainError("Deze zaak bestaat niet.", field="other") from None
    if other.id == case.id:
        raise DomainError("Dit is de zaak zelf.", field="other")
    return other


def _between(context: Context, one: Case, other: Case) -> CaseLink | None:
    pair = {one.id, other.id}
    return context.session.scalar(
        select(CaseLink).where(CaseLink.case_id.in_(pair), CaseLink.other_id.in_(pair)).with_for_update()
    )


def _is_directed(kind: CaseLinkKind) -> bool:
    return kind in (CaseLinkKind.FOLLOW_UP, CaseLinkKind.DUPLICATE)


def _is_same_submitter(context: Context, one: Case, other: Case) -> bool:
    """Whether two cases are of the same organisation, or of the same mail address."""
    if one.organisation_id is not None or other.organisation_id is not None:
        return one.organisation_id == other.organisation_id
    contacts = [context.session.get(Contact, case.id) for case in (one, other)]
    addresses = {contact.email.casefold() for contact in contacts if contact is not None and contact.email}
    return len(addresses) == 1 and all(contact is not None and contact.email for contact in contacts)
