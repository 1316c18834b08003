"""The signature of a second person under a draft: what an edit does to it, and what filing asks of it."""

from sqlalchemy import select, update

from knelpunt.domain.errors import DomainError
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import CoSignatureStatus, EventKind
from knelpunt.models import Case, CoSignature, Draft, Organisation
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.filing.mail_texts import co_sign_asked_by_resident
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import in_language

PURPOSE = "meetekenen"
LIVE = (CoSignatureStatus.ASKED, CoSignatureStatus.SIGNED)
NOT_SIGNED = Text("Een tweede persoon moet deze melding nog ondertekenen. Dan kunt u haar versturen.")
SAME_PERSON = Text("U tekende deze melding mee. Iemand anders moet haar versturen.")


def subject_of(draft: Draft) -> str:
    """How an event names a draft: by its number, since its key opens it."""
    return f"concept:{draft.id}"


def live_of(context: Context, draft: Draft) -> CoSignature | None:
    """The signature that was asked for or given under a draft, and still counts."""
    if not draft.has_co_signer:
        return None
    return context.session.scalar(
        select(CoSignature).where(CoSignature.draft_id == draft.id, CoSignature.status.in_(LIVE))
    )


def void_after_edit(context: Context, draft: Draft) -> None:
    """What was signed is not what stands there any more: the signature no longer counts. The draft must be locked."""
    if not draft.has_co_signer:
        return
    # Whoever is about to sign notices by the version that there is something new to read.
    draft.updated_at = context.now
    signature = live_of(context, draft)
    if signature is not None and signature.status is CoSignatureStatus.SIGNED:
        void(context, draft, signature)


def void(context: Context, draft: Draft, signature: CoSignature) -> None:
    """End a signature, or the question for one; the row stays as it was given."""
    signature.status = CoSignatureStatus.VOID
    events.record(
        context, EventKind.CO_SIGNATURE_VOIDED, subject=subject_of(draft), data={"medeondertekening": signature.id}
    )


def sign_url(context: Context, signature: CoSignature) -> str:
    """The address by which somebody beside a resident signs."""
    token = context.links.token(PURPOSE, signature.public_id or "", signature.nonce or "")
    return context.links.to(f"{prefix_of(context.language)}/meetekenen/{token}")


def required_of(context: Context, draft: Draft) -> bool:
    """Whether the organisation of a draft never files without a second signature."""
    if draft.organisation_id is None:
        return False
    needs = select(Organisation.needs_co_signature).where(Organisation.id == draft.organisation_id)
    return bool(context.session.scalar(needs))


def require_signed(context: Context, draft: Draft) -> CoSignature | None:
    """The signature that goes along with the case, None when nobody was asked.

    Raises:
        DomainError: a second person must sign first, or the one who files is the one who signed.
    """
    signature = live_of(context, draft)
    if signature is None:
        if draft.has_co_signer or required_of(context, draft):
            raise DomainError(NOT_SIGNED)
        return None
    if signature.filing_waits and signature.status is not CoSignatureStatus.SIGNED:
        raise DomainError(NOT_SIGNED)
    if signature.signer_id is not None and signature.signer_id == context.actor.account_id:
        raise DomainError(SAME_PERSON)
    return signature


def carry_over(context: Context, signature: CoSignature, case: Case) -> None:
    """Keep the signature with the case; somebody beside a resident who was not asked yet is asked now."""
    signature.draft_id, signature.case_id = None, case.id
    if signature.status is CoSignatureStatus.ASKED and signature.email:
        text = co_sign_asked_by_resident(url=sign_url(context, signature), filing_waits=False)
        text = in_language(text, case.language)
        messages.queue(
            context, MailKind.CO_SIGN_ASKED_BY_RESIDENT, to_address=signature.email, subject=text.subject,
            body=text.body, case=case,
        )  # fmt: skip


def told(signature: CoSignature | None) -> dict[str, int]:
    """What the event of the filing says of the second person: the number of the signature, when one was given."""
    is_given = signature is not None and signature.status is CoSignatureStatus.SIGNED
    return {"medeondertekening": signature.id} if signature is not None and is_given else {}


def erase_people(context: Context, case: Case) -> None:
    """Empty the names and addresses of who signed beside a resident; their links stop working."""
    context.session.execute(
        update(CoSignature)
        .where(CoSignature.case_id == case.id, CoSignature.signer_id.is_(None))
        .values(name=None, email=None, public_id=None, nonce=None)
    )
