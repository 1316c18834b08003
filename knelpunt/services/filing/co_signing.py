"""Asking a second person to sign a filing, and what that person answers."""

from sqlalchemy import select

from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TooManyAttempts, VersionConflict
from knelpunt.domain.filing.rules import CONTACT_KEPT, SHORT_LENGTH, TEXT_LENGTH, clean
from knelpunt.domain.languages import DUTCH, prefix_of
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import CoSignatureStatus, EventKind
from knelpunt.models import Account, Case, CoSignature, Draft, Organisation
from knelpunt.queries.core import cases
from knelpunt.services import accounts
from knelpunt.services.accounts import Ticket
from knelpunt.services.core import events, small_tables
from knelpunt.services.core.context import Context
from knelpunt.services.filing import signatures
from knelpunt.services.filing.intake import open_draft
from knelpunt.services.filing.mail_texts import co_sign_answered, co_sign_asked, co_sign_asked_by_resident
from knelpunt.services.mail import messages

TOO_OFTEN = Text("U vroeg dit een paar keer kort na elkaar. Wacht een kwartier en probeer het dan opnieuw.")
NO_QUESTION = Text(
    "Er wordt u niet meer gevraagd om dit te ondertekenen. Misschien is de melding gewijzigd of verstuurd."
)
NOT_YOU = Text("Aan een ander is gevraagd om dit te ondertekenen.")
UNTITLED = "een melding zonder titel"


def ask_colleague(context: Context, key: str, account_id: int) -> CoSignature:
    """Ask a colleague to sign; a question or signature from before no longer counts.

    Raises:
        DomainError: no colleague who can sign (field ``signer``).
        NotFound: as ``open_draft``.
    """
    draft = open_draft(context, key)
    colleague = context.session.get(Account, account_id)
    if (
        draft.organisation_id is None
        or colleague is None
        or not colleague.is_active
        or colleague.organisation_id != draft.organisation_id
        or colleague.id == context.actor.account_id
    ):
        raise DomainError(Text("Kies een collega uit de lijst."), field="signer")
    signature = _ask(context, draft, signer_id=colleague.id, filing_waits=True)
    asker = context.session.get_one(Account, context.actor.account_id)
    text = co_sign_asked(
        asked_by=asker.name, title=_title(draft), url=context.links.to(f"/melden/{draft.key}/ondertekenen")
    )
    messages.queue_text(context, MailKind.CO_SIGN_ASKED, colleague.email, text, account_id=colleague.id)
    return signature


def ask_by_mail(
    context: Context, key: str, *, name: str, email: str, filing_waits: bool, ticket: Ticket
) -> CoSignature:
    """Have somebody sign beside a resident: asked now when the filing waits for it, else when it is filed.

    Raises:
        DomainError: the name is too long, or the address is none or the resident's own (field ``name``, ``email``).
        TooManyAttempts: this address was asked too often; nothing is sent.
    """
    draft = open_draft(context, key)
    if draft.organisation_id is not None:
        raise NotFound()
    if not ticket.allowed:
        raise TooManyAttempts(TOO_OFTEN, field="email")
    typed = clean(name)
    if len(typed) > SHORT_LENGTH:
        raise DomainError(
            Text("Gebruik niet meer dan %(short_length)s tekens.", short_length=SHORT_LENGTH), field="name"
        )
    try:
        address = messages.checked_address(email)
    except DomainError as error:
        raise DomainError(error.message, field="email") from None
    if address.casefold() == clean(draft.data.get("contact_email", "")).casefold():
        raise DomainError(Text("Dit is uw eigen adres. Een ander tekent mee."), field="email")
    signature = _ask(
        context,
        draft,
        name=typed or None,
        email=address,
        public_id=new_public_id(),
        nonce=new_nonce(),
        ends_on=context.today + CONTACT_KEPT,
        filing_waits=filing_waits,
    )
    if filing_waits:
        text = co_sign_asked_by_resident(url=signatures.sign_url(context, signature), filing_waits=True)
        messages.queue_text(context, MailKind.CO_SIGN_ASKED_BY_RESIDENT, address, text, language=draft.language)
    return signature


def take_back(context: Context, key: str) -> None:
    """No second person is asked any more; what was signed no longer counts. Silent when nobody was asked."""
    draft = open_draft(context, key)
    signature = signatures.live_of(context, draft)
    if signature is not None:
        signatures.void(context, draft, signature)
    draft.has_co_signer = False


def sign(context: Context, key: str, version: int) -> None:
    """The colleague who was asked signs the draft as it was read.

    Raises:
        DomainError: nobody is asked any more.
        PermissionDenied: somebody else was asked.
        VersionConflict, NotFound: as ``open_draft``.
    """
    draft = open_draft(context, key, version=version)
    signature = _asked_of_me(context, draft)
    _answer(context, signature, CoSignatureStatus.SIGNED, subject=signatures.subject_of(draft))
    _tell_asker(context, draft, signature)


def send_back(context: Context, key: str, reason: str) -> None:
    """The colleague who was asked does not sign, and says why.

    Raises:
        DomainError: without a reason (field ``reason``); otherwise as ``sign``.
    """
    draft = open_draft(context, key)
    signature = _asked_of_me(context, draft)
    signature.reason = _reason(reason)
    if not signature.reason:
        raise DomainError(Text("Schrijf op waarom u niet tekent."), field="reason")
    _answer(context, signature, CoSignatureStatus.RETURNED, subject=signatures.subject_of(draft))
    _tell_asker(context, draft, signature)


def answer_by_link(context: Context, signature_id: int, version: int, *, is_signed: bool, reason: str = "") -> None:
    """Somebody beside a resident signs the draft as it was read, or the case; or does not.

    Raises:
        DomainError: the question is over.
        VersionConflict: the draft was changed since it was read.
    """
    row = context.session.get(CoSignature, signature_id)
    if row is None:
        raise NotFound()
    draft = (
        context.session.scalar(
            select(Draft).where(Draft.id == row.draft_id).with_for_update().execution_options(populate_existing=True)
        )
        if row.draft_id is not None
        else None
    )
    case = cases.get_by_id_for_update(context.session, row.case_id) if row.case_id is not None else None
    context.session.refresh(row)
    if row.status is not CoSignatureStatus.ASKED or (draft is None and case is None):
        raise DomainError(NO_QUESTION)
    if draft is not None and draft.version != version:
        raise VersionConflict(Text("Deze melding is gewijzigd sinds u haar las."))
    row.reason = _reason(reason) or None
    status = CoSignatureStatus.SIGNED if is_signed else CoSignatureStatus.RETURNED
    _answer(context, row, status, subject=signatures.subject_of(draft) if draft is not None else None, case=case)
    if draft is not None:
        _tell_asker(context, draft, row)


def set_requirement(context: Context, *, is_required: bool) -> None:
    """Whether the own organisation files nothing without a second signature.

    Raises:
        PermissionDenied: the account does not manage its organisation.
    """
    context.actor.require(Permission.MANAGE_ORGANISATION)
    organisation = context.session.get_one(Organisation, context.actor.organisation_id)
    if organisation.needs_co_signature == is_required:
        return
    organisation.needs_co_signature = is_required
    small_tables.touch(context.session)
    events.record(
        context,
        AccountEvent.CO_SIGNATURE_RULE,
        subject=f"organisation:{organisation.id}",
        data={"tweede_handtekening": is_required},
    )


def _ask(context: Context, draft: Draft, **columns: object) -> CoSignature:
    earlier = signatures.live_of(context, draft)
    if earlier is not None:
        signatures.void(context, draft, earlier)
    context.session.flush()
    signature = CoSignature(
        draft_id=draft.id,
        status=CoSignatureStatus.ASKED,
        asked_by_id=context.actor.account_id,
        asked_at=context.now,
        **columns,
    )
    context.session.add(signature)
    draft.has_co_signer = True
    context.session.flush()
    events.record(
        context,
        EventKind.CO_SIGNATURE_ASKED,
        subject=signatures.subject_of(draft),
        data={"medeondertekening": signature.id, "aan": signature.signer_id},
    )
    return signature


def _asked_of_me(context: Context, draft: Draft) -> CoSignature:
    signature = signatures.live_of(context, draft)
    if signature is None or signature.status is not CoSignatureStatus.ASKED:
        raise DomainError(NO_QUESTION)
    if signature.signer_id is None or signature.signer_id != context.actor.account_id:
        raise PermissionDenied(NOT_YOU)
    return signature


def _answer(
    context: Context,
    signature: CoSignature,
    status: CoSignatureStatus,
    *,
    subject: str | None,
    case: Case | None = None,
) -> None:
    signature.status, signature.answered_at = status, context.now
    kind = EventKind.CO_SIGNED if status is CoSignatureStatus.SIGNED else EventKind.CO_SIGNATURE_RETURNED
    events.record(context, kind, case=case, subject=subject, data={"medeondertekening": signature.id})


def _tell_asker(context: Context, draft: Draft, signature: CoSignature) -> None:
    """Mail who asked, when there is an address.

    That of a resident may be somebody else's: it gets few such mails, and what either wrote stays on the page.
    """
    asker = context.session.get(Account, signature.asked_by_id) if signature.asked_by_id is not None else None
    address = asker.email if asker is not None else clean(draft.data.get("contact_email", ""))
    if not messages.is_address(address):
        return
    if asker is None and not accounts.may_be_told(context.session, address, context.now):
        return
    language = DUTCH.code if asker is not None else draft.language
    text = co_sign_answered(
        title=_title(draft) if asker is not None else "",
        url=context.links.to(f"{prefix_of(language)}/melden/{draft.key}"),
        is_signed=signature.status is CoSignatureStatus.SIGNED,
        reason=(signature.reason or "") if asker is not None else "",
    )
    messages.queue_text(
        context,
        MailKind.CO_SIGN_ANSWERED,
        address,
        text,
        account_id=asker.id if asker is not None else None,
        language=language,
    )


def _title(draft: Draft) -> str:
    return " ".join(draft.data.get("title", "").split()) or UNTITLED


def _reason(text: str) -> str:
    return clean(text)[:TEXT_LENGTH]
