"""The fixed texts of letters: a new version is written by one person, and used once a second one agreed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from knelpunt.adapters.translations import translator
from knelpunt.domain.cases.second_looks import NO_APPEAL, OUTCOME_WORDS, may_ask_yourself, points_in_words
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.languages import DUTCH, Language, language_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.letter_templates import LEGAL_HEADS, LETTER_FORMS, SHIPPED, check, filled
from knelpunt.domain.texts import Text, as_paragraphs
from knelpunt.domain.vocabulary import Result, SecondLookOutcome, Verdict
from knelpunt.models import Case, LetterVersion
from knelpunt.queries.post.templates import VersionRow
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail.texts import About, CaseMail, MailText, how_to_ask, next_step

WRITTEN, AGREED, GIVEN_BACK = "briefsjabloon_geschreven", "briefsjabloon_vastgesteld", "briefsjabloon_teruggegeven"
DECIDED = "Over deze versie is al besloten."
NOT_THE_WRITER = "U schreef deze versie zelf. Een ander moet haar bekijken."
REMARK_MISSING = "Schrijf op wat er anders moet."
WRITTEN_SINCE = "Een collega schreef intussen een andere versie. Vergelijk die met uw tekst."
NOTHING_OF_ITS_OWN = "Hier is geen eigen tekst in gebruik. Er valt dus niets te stoppen."
WAITS = "Er wacht hier al een versie op een tweede persoon."

Outcome = Verdict | Result | SecondLookOutcome
"""By what a letter may differ besides its topic."""


def write(
    context: Context,
    kind: MailKind,
    theme: str,
    outcome: str,
    *,
    plain: str,
    legal: str,
    language: Language = DUTCH,
    newest_id: int | None = None,
) -> LetterVersion:
    """Write the next version; it is used once a second person agreed, for who reads this language.

    Args:
        plain: empty for no text of its own here any more: then what is less special is used again.
        newest_id: the last version of this letter in this language that the writer saw; 0 for none, None for who saw
            no list.
    Raises:
        DomainError: a place in the text does not exist, or a needed one is missing (field ``plain`` or ``legal``); a
            version waits already, or there is no text of its own to end (field ``stops``).
        VersionConflict: somebody wrote or decided since.
    """
    context.actor.require(Permission.EDIT_LETTERS)
    stops = not plain.strip()
    for field, text, is_whole in (("plain", plain, not stops), ("legal", legal, False)):
        try:
            check(kind, text, is_whole=is_whole)
        except DomainError as refused:
            raise DomainError(refused.message, field=field) from None
    seen = select(func.max(LetterVersion.id)).where(
        LetterVersion.kind == kind.value, LetterVersion.language == language.code
    )
    if newest_id is not None and newest_id != (context.session.scalar(seen) or 0):
        raise VersionConflict(WRITTEN_SINCE)
    here = (
        LetterVersion.kind == kind.value,
        LetterVersion.language == language.code,
        LetterVersion.theme == theme,
        LetterVersion.outcome == outcome,
    )
    if context.session.scalar(select(LetterVersion.id).where(*here, LetterVersion.decided_at.is_(None)).limit(1)):
        raise DomainError(WAITS)
    if stops and not _has_own(context, kind, language, theme, outcome):
        raise DomainError(NOTHING_OF_ITS_OWN, field="stops")
    last = context.session.scalar(select(func.max(LetterVersion.number)).where(*here)) or SHIPPED
    version = LetterVersion(
        kind=kind.value,
        language=language.code,
        theme=theme,
        outcome=outcome,
        number=last + 1,
        plain=plain.strip(),
        legal="" if stops else legal.strip(),
        written_by_id=context.actor.account_id,
        written_at=context.now,
    )
    context.session.add(version)
    context.session.flush()
    events.record(context, WRITTEN, subject=f"brief:{version.id}")
    return version


def agree(context: Context, version_id: int) -> None:
    """A second person agrees: from now on letters are written with this version."""
    version = _open(context, version_id)
    version.decided_by_id, version.decided_at, version.is_agreed = context.actor.account_id, context.now, True
    events.record(context, AGREED, subject=f"brief:{version.id}")


def give_back(context: Context, version_id: int, remark: str) -> None:
    """A second person does not agree, and says why; the version is never used.

    Raises:
        DomainError: the remark is missing (field ``remark``).
    """
    version = _open(context, version_id)
    if not remark.strip():
        raise DomainError(REMARK_MISSING, field="remark")
    version.decided_by_id, version.decided_at = context.actor.account_id, context.now
    version.remark = remark.strip()
    events.record(context, GIVEN_BACK, subject=f"brief:{version.id}")


def _open(context: Context, version_id: int) -> LetterVersion:
    context.actor.require(Permission.REVIEW_CASE)
    version = context.session.get(LetterVersion, version_id, with_for_update=True)
    if version is None:
        raise NotFound()
    if version.decided_at is not None:
        raise DomainError(DECIDED)
    if version.written_by_id == context.actor.account_id:
        raise PermissionDenied(NOT_THE_WRITER)
    return version


def in_use(context: Context, case: Case, mail: CaseMail, about: About, text: MailText) -> MailText:
    """The mail with the version in use for this case; as it was where that is the one that ships. A version in another
    language is there whole: what is put round it is said in that language later."""
    if mail.kind not in LETTER_FORMS:
        return text
    found = mail.values.get("outcome")
    version = version_for(context, case, mail.kind, found if isinstance(found, SecondLookOutcome) else None)
    if version is None:
        return text
    language = language_of(version.language)
    core = paragraphs_of(version.plain, version.legal, places_of(mail.kind, about, mail.values, language), language)
    rest = text.paragraphs[1 + len(text.core) :]
    return MailText(text.subject, (text.paragraphs[0], *core, *rest), core)


def version_for(context: Context, case: Case, kind: MailKind, outcome: Outcome | None = None) -> LetterVersion | None:
    """The version in use for a case in the language of its submitter: that of its outcome before that of its topic,
    before the one for all.

    Args:
        outcome: where that is not the case's own yet.
    """
    outcome = outcome or (case.result if kind is MailKind.CLOSED else case.verdict)
    found = _own_texts(context, kind, language_of(case.language), case.theme.value, outcome.value if outcome else "")
    return next(found, None)


def without(context: Context, version: VersionRow) -> tuple[str, str]:
    """The plain and the legal text that are used where a version ends the text of its own."""
    language = language_of(version.language)
    found = _own_texts(context, version.mail_kind, language, version.theme, version.outcome)
    own = (version.theme, version.outcome)
    used = next((each for each in found if (each.theme, each.outcome) != own), None)
    return (
        (used.plain, used.legal) if used is not None else (LETTER_FORMS[version.mail_kind].shipped[language.code], "")
    )


def _has_own(context: Context, kind: MailKind, language: Language, theme: str, outcome: str) -> bool:
    found = _own_texts(context, kind, language, theme, outcome)
    return any((each.theme, each.outcome) == (theme, outcome) for each in found)


def _own_texts(
    context: Context, kind: MailKind, language: Language, theme: str, outcome: str
) -> Iterator[LetterVersion]:
    """The versions in use that fit, the most special first; one that ended its text hides those before it."""
    agreed = context.session.scalars(
        select(LetterVersion)
        .where(
            LetterVersion.kind == kind.value,
            LetterVersion.language == language.code,
            LetterVersion.theme.in_(("", theme)),
            LetterVersion.outcome.in_(("", outcome)),
            LetterVersion.is_agreed,
        )
        .ext(distinct_on(LetterVersion.outcome, LetterVersion.theme))
        .order_by(LetterVersion.outcome.desc(), LetterVersion.theme.desc(), LetterVersion.number.desc())
    )
    return (each for each in agreed if each.plain)


def paragraphs_of(plain: str, legal: str, places: Mapping[str, str], language: Language = DUTCH) -> tuple[str, ...]:
    """What a letter says, with its places filled; the legal part below it."""
    below = filled(legal, places) if legal.strip() else ()
    return (*filled(plain, places), *((LEGAL_HEADS[language.code], *below) if below else ()))


def places_of(kind: MailKind, about: About, values: Mapping[str, Any], language: Language = DUTCH) -> dict[str, str]:
    """What comes in the places of a letter, from the values that its text is written with; what is ours among them is
    said in the language."""
    writer = translator(language)
    return {
        name: writer.date_in_words(value) if isinstance(value, date) else writer.say(value or "")
        for name, value in _PLACES[kind](about, values).items()
    }


def _verdict(what: Text) -> Callable[[About, Mapping[str, Any]], dict[str, Any]]:
    return lambda _about, given: {
        "gewoon": given.get("plain"),
        "juridisch": given.get("legal"),
        "volgende_stap": next_step(given.get("next_date"), what),
    }


_PLACES: dict[MailKind, Callable[[About, Mapping[str, Any]], dict[str, Any]]] = {
    MailKind.QUESTION: lambda _about, given: {
        "vraag": given.get("question"), "waarom": given.get("why"), "uiterlijk": given.get("answer_by"),
    },
    MailKind.MESSAGE: lambda _about, given: {"bericht": given.get("body")},
    MailKind.VERDICT: _verdict(Text("U krijgt een voorstel")),
    MailKind.VERDICT_CHANGED: _verdict(Text("De volgende stap komt")),
    MailKind.PROPOSAL: lambda _about, given: {
        "voorstel": given.get("text"), "grondslag": given.get("legal_basis"), "recht_van": given.get("legal_date"),
        "voorwaarden": given.get("conditions"), "wie": given.get("who_acts"), "voor_wanneer": given.get("act_by"),
        "uiterlijk": given.get("react_by"),
    },
    MailKind.CLOSED: lambda about, given: {
        "resultaat": given.get("result"), "reden": given.get("reason"), "volgende_stap": given.get("next_step"),
        "uiterlijk": given.get("contest_until"), "hoe_vragen": how_to_ask(about),
    },
    MailKind.HANDLER_NAMED: lambda _about, given: {
        "behandelaar": given.get("handler_name"),
        "volgende_stap": next_step(given.get("next_date"), Text("U krijgt ons oordeel")),
    },
    MailKind.SECOND_HANDLER: lambda _about, given: {
        "aanleiding": Text("Uw melding was afgesloten. Wij bekijken haar opnieuw.") if given.get("reason") else "",
        "reden": given.get("reason"), "behandelaar": given.get("handler_name"),
        "volgende_stap": next_step(given.get("next_date"), Text("U krijgt de uitkomst")),
    },
    MailKind.SECOND_LOOK_OUTCOME: lambda about, given: {
        "uitkomst": OUTCOME_WORDS.get(given["outcome"]), "punten": as_paragraphs(points_in_words(given["points"])),
        "reden": given.get("reason"),
        "zelf_vragen": as_paragraphs(may_ask_yourself(given["ask_until"], how_to_ask(about)))
        if given.get("ask_until") else "",
        "verder": NO_APPEAL if given["outcome"] is SecondLookOutcome.KEPT
        else next_step(given.get("next_date"), Text("U krijgt een nieuw voorstel")),
    },
    MailKind.REOPENED: lambda _about, given: {
        "reden": given.get("reason"),
        "volgende_stap": next_step(given.get("next_date"), Text("U krijgt een voorstel")),
    },
    MailKind.REOPENING_DECLINED: lambda _about, given: {
        "gevraagd_op": given.get("asked_on"), "reden": given.get("reason"),
    },
}  # fmt: skip
