"""Passkeys of an account: added, used beside a password or instead of one, taken away."""

import secrets

from sqlalchemy import delete, func, select

from knelpunt.adapters.identity import passkeys as adapter
from knelpunt.adapters.identity.passkeys import Party
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.domain.accounts import AccountEvent, subject_of
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.identity.factors import PASSKEY_NAME_MAX, PASSKEY_TERM, PASSKEYS_PER_ACCOUNT, LoginMethod
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Account, Passkey
from knelpunt.queries.accounts import identity as queries
from knelpunt.queries.accounts import sign_on
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.accounts.identity import factors
from knelpunt.services.accounts.identity.once import spend
from knelpunt.services.accounts.sessions import Browser, as_owner, note_log_in, start_session
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

NOT_ACCEPTED = "De toegangssleutel is niet aangenomen. Probeer het nog een keer, of gebruik de code van uw telefoon."
CODE_FIRST = "Stel eerst een tweede stap met een code in. Die werkt ook in een browser zonder toegangssleutels."
NAME_IT = f"Geef de sleutel een naam van hoogstens {PASSKEY_NAME_MAX} tekens."
BY_ORGANISATION = "U logt in via uw organisatie. Kies haar op de inlogpagina."
KNOWN_ALREADY = "Deze toegangssleutel staat er al."
TOO_MANY = f"U hebt al {PASSKEYS_PER_ACCOUNT} toegangssleutels. Haal er eerst een weg."
OWN_PASSKEYS = "/mijn-account/toegangssleutels"
_NEW, _USE = "toegangssleutel-nieuw", "toegangssleutel"


def ask_new(context: Context, sealer: Sealer, party: Party, here: SignedInRow) -> tuple[str, str]:
    """The question to a browser for a new passkey, and what the form gives back with the answer."""
    challenge = secrets.token_bytes(32)
    known = queries.credential_ids(context.session, here.account_id)
    question = adapter.question_for_new(party, challenge, here.account_id, here.email, known)
    return question, _sealed(context, sealer, _NEW, challenge, here.account_id)


def add(
    context: Context, sealer: Sealer, party: Party, here: SignedInRow, *, sealed: str, answer: str, name: str
) -> Passkey:
    """Keep a passkey that the browser made.

    Raises:
        DomainError: the answer does not hold, or is not to the question of this page; on the field ``name``.
    """
    account = factors.lock(context, here.account_id)
    if not queries.has_factor(context.session, here.account_id):
        raise DomainError(CODE_FIRST)
    shown_name = " ".join(name.split())
    if not shown_name or len(shown_name) > PASSKEY_NAME_MAX:
        raise DomainError(NAME_IT, field="name")
    challenge = _challenge(context, sealer, _NEW, sealed, here.account_id)
    made = adapter.new_key(party, challenge, answer) if challenge else None
    if made is None:
        raise DomainError(NOT_ACCEPTED)
    kept = context.session.scalar(
        select(func.count()).select_from(Passkey).where(Passkey.account_id == here.account_id)
    )
    if (kept or 0) >= PASSKEYS_PER_ACCOUNT:
        raise DomainError(TOO_MANY)
    if context.session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
        raise DomainError(KNOWN_ALREADY)
    passkey = Passkey(
        account_id=here.account_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=shown_name,
        created_at=context.now,
    )
    context.session.add(passkey)
    context.session.flush()
    events.record(
        context, AccountEvent.PASSKEY_ADDED, subject=subject_of(here.account_id), data={"sleutel": passkey.id}
    )
    text = texts.passkey_added(url=context.links.to(OWN_PASSKEYS))
    messages.queue_text(context, MailKind.PASSKEY_ADDED, account.email, text, account_id=account.id)
    return passkey


def remove(context: Context, here: SignedInRow, passkey_id: int) -> None:
    """Take one of the own passkeys away.

    Raises:
        NotFound: it is somebody else's, or gone.
    """
    gone = context.session.execute(
        delete(Passkey)
        .where(Passkey.id == passkey_id, Passkey.account_id == here.account_id)
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    ).first()
    if gone is None:
        raise NotFound()
    events.record(
        context, AccountEvent.PASSKEY_REMOVED, subject=subject_of(here.account_id), data={"sleutel": passkey_id}
    )
    text = texts.passkey_removed(url=context.links.to(OWN_PASSKEYS))
    messages.queue_text(context, MailKind.PASSKEY_REMOVED, here.email, text, account_id=here.account_id)


def ask_use(context: Context, sealer: Sealer, party: Party, account_id: int | None = None) -> tuple[str, str] | None:
    """The question to sign with a passkey, and what the form gives back with the answer.

    Args:
        account_id: whose, when that is known; None where the passkey itself tells it. For an account without any the
            answer is None.
    """
    known = queries.credential_ids(context.session, account_id) if account_id is not None else []
    if account_id is not None and not known:
        return None
    challenge = secrets.token_bytes(32)
    return adapter.question(party, challenge, known), _sealed(context, sealer, _USE, challenge, account_id)


def finish_log_in(context: Context, sealer: Sealer, party: Party, here: SignedInRow, sealed: str, answer: str) -> str:
    """Show a passkey in a session that waits for its second factor; the new token for the cookie.

    Raises:
        DomainError: the answer does not hold.
    """
    factors.lock(context, here.account_id)
    _use(context, sealer, party, sealed, answer, here.account_id)
    return factors.enter(context, here)


def step_up(context: Context, sealer: Sealer, party: Party, here: SignedInRow, sealed: str, answer: str) -> None:
    """Show a passkey before a grave act.

    Raises:
        DomainError: the answer does not hold.
    """
    factors.lock(context, here.account_id)
    _use(context, sealer, party, sealed, answer, here.account_id)
    factors.note_step_up(context, here.account_id, here.session_id)


def account_named_in(context: Context, answer: str) -> tuple[int, str] | None:
    """Number and address of the account whose passkey an answer says it is from."""
    named = adapter.key_named_in(answer)
    return queries.account_of_key(context.session, named) if named is not None else None


def log_in(context: Context, sealer: Sealer, party: Party, sealed: str, answer: str, browser: Browser) -> str:
    """Log in with a passkey alone: it is something that somebody has, opened by what somebody is or knows.

    The token for the cookie of a whole session.

    Raises:
        DomainError: the answer does not hold, or the account was closed; with the same words. Or the owner comes in by
            the own organisation: a key would outlast what that ends.
    """
    named = account_named_in(context, answer)
    if named is None:
        raise DomainError(NOT_ACCEPTED)
    account = context.session.get(Account, named[0])
    if account is None or not account.is_active:
        raise DomainError(NOT_ACCEPTED)
    _use(context, sealer, party, sealed, answer, account.id, is_named=False)
    if sign_on.comes_by_provider(context.session, account.id, context.login_rules.only_by):
        raise DomainError(BY_ORGANISATION)
    owner = as_owner(context, account.id, account.role)
    token = start_session(
        owner, account.id, browser=browser, method=LoginMethod.PASSKEY, is_due=True, confirmed_at=context.now
    )
    note_log_in(owner, LoginMethod.PASSKEY, browser.words, is_new_device=not browser.is_known)
    return token


def _use(
    context: Context,
    sealer: Sealer,
    party: Party,
    sealed: str,
    answer: str,
    account_id: int,
    *,
    is_named: bool = True,
) -> None:
    """Use up the question of a page by an answer that holds, from a passkey of this account."""
    challenge = _challenge(context, sealer, _USE, sealed, account_id if is_named else None)
    named = adapter.key_named_in(answer)
    kept = queries.passkey_for_update(context.session, account_id, named) if named is not None else None
    if challenge is None or kept is None:
        raise DomainError(NOT_ACCEPTED)
    count = adapter.next_count(party, challenge, answer, kept.public_key, kept.sign_count)
    if count is None:
        raise DomainError(NOT_ACCEPTED)
    kept.sign_count, kept.last_used_at = count, context.now
    context.session.flush()


def _sealed(context: Context, sealer: Sealer, purpose: str, challenge: bytes, account_id: int | None) -> str:
    return sealer.seal_values(purpose, {"challenge": challenge.hex(), "account": account_id}, context.now)


def _challenge(context: Context, sealer: Sealer, purpose: str, sealed: str, account_id: int | None) -> bytes | None:
    """The challenge of a page that was made for this account, not long ago, and was not answered yet."""
    values = sealer.open_values(purpose, sealed, now=context.now, term=PASSKEY_TERM)
    if values is None or values["account"] != account_id or not spend(context, purpose, values["challenge"]):
        return None
    return bytes.fromhex(values["challenge"])
