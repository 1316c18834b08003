"""Codes of a telephone and recovery codes: made, shown at log-in, asked once more before a grave act, switched off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from knelpunt.adapters import passwords
from knelpunt.adapters.identity import totp
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.domain.accounts import AccountEvent, password_bytes, subject_of
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TooManyAttempts
from knelpunt.domain.identity.factors import (
    FACTOR_PER_ACCOUNT,
    RECOVERY_CODES,
    SET_UP_TERM,
    digits_of,
    may_do_without_password,
    new_recovery_code,
    recovery_letters,
    step_of,
    steps_to_try,
)
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Account, LoginSession, Passkey, RecoveryCode, TotpFactor
from knelpunt.queries.accounts import identity as queries
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.accounts import throttle
from knelpunt.services.accounts.sessions import close_sessions, hash_token, new_token, note_log_in
from knelpunt.services.accounts.throttle import Ticket
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import MailText

WRONG_CODE = (
    "Deze code klopt niet, of is al gebruikt. Wacht tot uw telefoon een nieuwe code laat zien, en vul die in. "
    "Na 10 keer proberen moet u 15 minuten wachten."
)
TOO_MANY_CODES = "Er is te vaak een verkeerde code ingevuld. Wacht 15 minuten en probeer het opnieuw."
WRONG_FIRST_CODE = (
    "Deze code klopt niet. Kijk of de tijd op uw telefoon goed staat, en vul de nieuwste code in. Lukt het niet? Scan "
    "de code op deze pagina dan opnieuw."
)
SHOWN_TOO_LONG = "Deze pagina stond te lang open. Scan de nieuwe code, en vul in wat uw telefoon laat zien."
WRONG_CURRENT = (
    "Dit is niet uw huidige wachtwoord. Na 10 keer proberen moet u 15 minuten wachten. Hebt u geen wachtwoord? Log "
    "dan uit en weer in."
)
MUST_STAY = "Uw rol vraagt om een tweede stap. U kunt die vervangen, maar niet uitzetten."
_PURPOSE = "totp"


def propose(context: Context, sealer: Sealer, account_id: int) -> tuple[str, str]:
    """A new secret for a telephone, and its sealed form for the form that confirms it. Nothing is stored yet."""
    secret = totp.new_secret()
    return secret, sealer.seal_values(_PURPOSE, {"secret": secret, "account": account_id}, context.now)


def proposed(context: Context, sealer: Sealer, account_id: int, sealed: str) -> str | None:
    """The secret in a form, when it was made for this account and not long ago."""
    values = sealer.open_values(_PURPOSE, sealed, now=context.now, term=SET_UP_TERM)
    return str(values["secret"]) if values and values["account"] == account_id else None


def asks_password(context: Context, here: SignedInRow) -> bool:
    """Whether the password is asked for a first second factor: in a whole session that began a while ago."""
    is_half_way = context.login_rules.waits(here.role, here.second_factor_at, context.today, is_due=here.factor_due)
    if is_half_way or may_do_without_password(here.created_at, here.second_factor_at, context.now):
        return False
    return not queries.has_factor(context.session, here.account_id)


def set_up(
    context: Context,
    sealer: Sealer,
    here: SignedInRow,
    sealed: str,
    code: str,
    ticket: Ticket,
    *,
    password: str = "",
) -> tuple[str, list[str]]:
    """Keep the secret that a telephone has now, in place of an earlier one, with new recovery codes.

    A session that waits for its second factor becomes whole by it; other sessions of the account end, because they
    began without. The new token for the cookie, and the codes, which are shown once.

    Raises:
        TooManyAttempts, DomainError: on the field ``code``, or ``current`` where the password is asked and wrong.
        PermissionDenied: the account has a second factor, which was not shown in this session.
    """
    number = here.account_id
    account = lock(context, number)
    kept = queries.totp_for_update(context.session, number)
    had_one = queries.has_factor(context.session, number)
    if had_one and here.second_factor_at is None:
        raise PermissionDenied(WRONG_CODE)
    _refuse_too_many(ticket)
    if asks_password(context, here) and not passwords.matches(account.password_hash, password_bytes(password)):
        raise DomainError(WRONG_CURRENT, field="current")
    secret = proposed(context, sealer, number, sealed)
    if secret is None:
        raise DomainError(SHOWN_TOO_LONG, field="code")
    step = totp.matching_step(secret, digits_of(code) or "", steps_to_try(context.now, None))
    if step is None:
        raise DomainError(WRONG_FIRST_CODE, field="code")
    throttle.forgive(context.session, ticket)
    if kept is None:
        kept = TotpFactor(account_id=number)
        context.session.add(kept)
    kept.sealed_secret, kept.created_at, kept.last_step = sealer.seal(secret, context.now), context.now, step
    context.session.flush()
    codes = _make_codes(context, number)
    _close_others(context, here)
    token = _mark_shown(context, here.session_id, renew=True)
    events.record(context, AccountEvent.FACTOR_SET_UP, subject=subject_of(number), data={"vervangen": had_one})
    url = context.links.to("/mijn-account/wachtwoord")
    _mail(context, account, MailKind.FACTOR_SET_UP, texts.factor_set_up(url=url))
    if here.second_factor_at is None and here.factor_due:
        _note_log_in(context, here)
    return token, codes


def finish_log_in(context: Context, sealer: Sealer, here: SignedInRow, code: str, ticket: Ticket) -> str:
    """Show the second factor in a session that waits for it; the new token for the cookie.

    Raises:
        TooManyAttempts, DomainError: on the field ``code``.
    """
    lock(context, here.account_id)
    _check(context, sealer, here.account_id, code, ticket)
    return enter(context, here)


def enter(context: Context, here: SignedInRow) -> str:
    """Make a session whole whose second factor was shown; the new token for the cookie."""
    token = _mark_shown(context, here.session_id, renew=True)
    _note_log_in(context, here)
    return token


def step_up(context: Context, sealer: Sealer, here: SignedInRow, code: str, ticket: Ticket) -> None:
    """Show the second factor once more, before a grave act.

    Raises:
        TooManyAttempts, DomainError: on the field ``code``.
    """
    lock(context, here.account_id)
    _check(context, sealer, here.account_id, code, ticket)
    note_step_up(context, here.account_id, here.session_id)


def note_step_up(context: Context, account_id: int, session_id: int, at: datetime | None = None) -> None:
    """Write down that the second factor was shown just now, or at another instant."""
    _mark_shown(context, session_id, renew=False, at=at)
    events.record(context, AccountEvent.FACTOR_CONFIRMED, subject=subject_of(account_id))


def renew_codes(context: Context, account_id: int) -> list[str]:
    """New recovery codes in place of all earlier ones; they are shown once.

    Raises:
        NotFound: the account has no second factor.
    """
    lock(context, account_id)
    if not queries.has_factor(context.session, account_id):
        raise NotFound()
    codes = _make_codes(context, account_id)
    events.record(context, AccountEvent.RECOVERY_CODES_MADE, subject=subject_of(account_id))
    return codes


def renew_seals(context: Context, sealer: Sealer) -> tuple[int, list[int]]:
    """Seal the secrets of telephones anew with the newest key: how many, and the accounts whose secret no key opens."""
    renewed, lost = 0, []
    for factor in context.session.scalars(select(TotpFactor).order_by(TotpFactor.account_id).with_for_update()):
        sealed = sealer.renewed(factor.sealed_secret)
        if sealed is None:
            lost.append(factor.account_id)
        elif sealed != factor.sealed_secret:
            factor.sealed_secret = sealed
            renewed += 1
    return renewed, lost


def switch_off(context: Context, here: SignedInRow) -> None:
    """Take the own second factor away, where the role may do without.

    Raises:
        DomainError: the role must have one.
        NotFound: there is none.
    """
    account = lock(context, here.account_id)
    if context.login_rules.must_have_factor(account.role, context.today):
        raise DomainError(MUST_STAY)
    if not queries.has_factor(context.session, account.id):
        raise NotFound()
    remove_all(context, account.id)
    context.session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account.id)
        .values(factor_due=False, second_factor_at=None)
        .execution_options(synchronize_session=False)
    )
    events.record(context, AccountEvent.FACTOR_SWITCHED_OFF, subject=subject_of(account.id))
    _mail(context, account, MailKind.FACTOR_SWITCHED_OFF, texts.factor_switched_off())


def remove_all(context: Context, account_id: int) -> None:
    """Take away whatever an account shows as a second factor; the caller records why."""
    for statement in (
        delete(TotpFactor).where(TotpFactor.account_id == account_id),
        delete(RecoveryCode).where(RecoveryCode.account_id == account_id),
        delete(Passkey).where(Passkey.account_id == account_id),
    ):
        context.session.execute(statement.execution_options(synchronize_session=False))


def next_code(context: Context, sealer: Sealer, account_id: int) -> str | None:
    """The first code that would be accepted now: for a demonstration only, the caller sees to that."""
    kept = queries.totp_of(context.session, account_id)
    if kept is None:
        return None
    secret = sealer.open(kept[0])
    here = step_of(context.now)
    steps = [each for each in steps_to_try(context.now, kept[1]) if each >= here]
    return totp.code_of(secret, steps[0]) if secret and steps else None


def set_up_for_demo(context: Context, sealer: Sealer, account_ids: Sequence[int]) -> None:
    """Give the accounts of a demonstration a secret, so that each can log in at once with the code that is shown."""
    for number in account_ids:
        sealed = sealer.seal(totp.new_secret(), context.now)
        context.session.add(TotpFactor(account_id=number, sealed_secret=sealed, created_at=context.now))
    context.session.flush()


def _check(context: Context, sealer: Sealer, account_id: int, code: str, ticket: Ticket) -> None:
    """Use up a code of the telephone or a recovery code; refuse any other, with the same words."""
    _refuse_too_many(ticket)
    digits, letters = digits_of(code), recovery_letters(code)
    is_right = digits is not None and _uses_step(context, sealer, account_id, digits)
    if not is_right and letters is not None:
        is_right = _uses_recovery(context, account_id, letters)
    if not is_right:
        raise DomainError(WRONG_CODE, field="code")
    throttle.forgive(context.session, ticket)


def _uses_step(context: Context, sealer: Sealer, account_id: int, digits: str) -> bool:
    kept = queries.totp_for_update(context.session, account_id)
    secret = sealer.open(kept.sealed_secret) if kept else None
    if kept is None or secret is None:
        return False
    step = totp.matching_step(secret, digits, steps_to_try(context.now, kept.last_step))
    if step is None:
        return False
    kept.last_step = step
    context.session.flush()
    return True


def _uses_recovery(context: Context, account_id: int, letters: str) -> bool:
    used = context.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == hash_token(letters),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=context.now)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    ).first()
    if used is None:
        return False
    left = context.session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    )
    events.record(context, AccountEvent.RECOVERY_CODE_USED, subject=subject_of(account_id), data={"over": left or 0})
    account = context.session.get_one(Account, account_id)
    _mail(context, account, MailKind.RECOVERY_CODE_USED, texts.recovery_code_used(left=left or 0))
    return True


def _refuse_too_many(ticket: Ticket) -> None:
    if not ticket.allowed:
        raise TooManyAttempts(TOO_MANY_CODES, field="code", retry_after=FACTOR_PER_ACCOUNT.period)


def lock(context: Context, account_id: int) -> Account:
    """The account, held until the transaction ends: one act at a time with what it has for a second factor."""
    account = context.session.scalars(
        select(Account).where(Account.id == account_id, Account.is_active).with_for_update(key_share=True)
    ).one_or_none()
    if account is None:
        raise NotFound()
    return account


def _make_codes(context: Context, account_id: int) -> list[str]:
    context.session.execute(
        delete(RecoveryCode).where(RecoveryCode.account_id == account_id).execution_options(synchronize_session=False)
    )
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    context.session.add_all(
        RecoveryCode(account_id=account_id, code_hash=hash_token(code.replace("-", "")), created_at=context.now)
        for code in codes
    )
    context.session.flush()
    return codes


def _mark_shown(context: Context, session_id: int, *, renew: bool, at: datetime | None = None) -> str:
    """Note the instant in the session, which gets a new token when it gets more rights."""
    token = new_token()
    values = {"second_factor_at": at or context.now, "factor_due": True}
    if renew:
        values["token_hash"] = hash_token(token)
    changed = context.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
        .values(**values)
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        raise NotFound()
    return token


def _close_others(context: Context, here: SignedInRow) -> None:
    close_sessions(context, here.account_id, but=here.session_id)


def _note_log_in(context: Context, here: SignedInRow) -> None:
    note_log_in(context, here.method, here.browser or "", is_new_device=here.is_new_device)


def _mail(context: Context, account: Account, kind: MailKind, text: MailText) -> None:
    messages.queue_text(context, kind, account.email, text, account_id=account.id)
