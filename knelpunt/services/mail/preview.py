"""How a letter reads before it goes: with examples, or on a real case. Nothing is kept or sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import select

from knelpunt.domain.cases.words import RESULT
from knelpunt.domain.languages import Language, language_of, prefix_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.letter_templates import LETTER_FORMS
from knelpunt.domain.vocabulary import MessageKind, Result, SecondLookOutcome
from knelpunt.models import Account, Case, Contact, Message, Proposal, SecondLook
from knelpunt.services.core.context import Context
from knelpunt.services.mail import templates
from knelpunt.services.mail.templates import Outcome
from knelpunt.services.mail.texts import About, MailText, as_mailed, in_language, to_submitter, with_way_to_answer

HIDDEN = "…"
"""In place of the link that gives access, which nobody at the desk uses unseen."""
_EXAMPLES = {
    "plain": "De regel geeft ruimte voor uw plan.",
    "legal": "Artikel 5.1 van de Omgevingswet staat dit met een vergunning toe.",
    "question": "Welk plan geldt voor deze plek?",
    "why": "Dat staat nog niet in uw melding.",
    "body": "Wij spraken de gemeente over uw plan.",
    "text": "Vraag een vergunning aan voor tien jaar.",
    "legal_basis": "Omgevingswet, artikel 5.1",
    "conditions": "Niet langer dan tien jaar.",
    "who_acts": "Uw initiatief, samen met de gemeente",
    "result": RESULT[Result.WITH_ONTHEFFING],
    "reason": "De gemeente werkt mee.",
    "next_step": "Vraag de vergunning aan.",
    "handler_name": "Een collega van het loket",
    "outcome": SecondLookOutcome.PARTLY,
    "points": [("De brief van de gemeente is niet gelezen.", "Die hebben wij nu gelezen.")],
}


class Version(Protocol):
    """The words of a version."""

    @property
    def mail_kind(self) -> MailKind: ...
    @property
    def language(self) -> str: ...
    @property
    def plain(self) -> str: ...
    @property
    def legal(self) -> str: ...


def example(context: Context, version: Version) -> MailText:
    """The letter with examples in its places."""
    about = About("KNP-2026-00000", "Voorbeeld van een melding", context.links.to(f"/volgen/{HIDDEN}"))
    values = _with_days(context, _EXAMPLES)
    choose_url = f"{about.link}/mail"
    language = language_of(version.language)
    return _letter(context, version.mail_kind, about, choose_url, version.plain, version.legal, values, language)


def on_case(context: Context, case: Case, version: Version) -> MailText:
    """The letter as the submitter of this case would get it, with what stands in the case where that is known."""
    context.actor.require(Permission.READ_CASES)
    known = {name: value for name, value in _known(context, case, version.mail_kind).items() if value}
    values = _with_days(context, {**_EXAMPLES, **known})
    (about, choose_url), language = _about_of(context, case), language_of(version.language)
    return _letter(context, version.mail_kind, about, choose_url, version.plain, version.legal, values, language)


def as_sent(
    context: Context, case: Case, kind: MailKind, values: Mapping[str, Any], outcome: Outcome | None = None
) -> MailText:
    """The letter that these words of the handler become, with the version in use, in the language of the submitter.

    Args:
        outcome: the verdict, the result or what came of a second look, where that is not the case's own yet.
    """
    context.actor.require(Permission.HANDLE_CASE)
    version = templates.version_for(context, case, kind, outcome)
    language = language_of(case.language)
    plain = version.plain if version is not None else LETTER_FORMS[kind].shipped[language.code]
    legal = version.legal if version is not None else ""
    return _letter(context, kind, *_about_of(context, case), plain, legal, values, language)


def _about_of(context: Context, case: Case) -> tuple[About, str]:
    """The case as its mails name it, with the link hidden; and where their reader chooses which come."""
    if case.organisation_id is not None:
        about = About(case.reference, case.title, context.links.to(f"/onze-zaken/{case.reference}"))
        return about, context.links.to("/mijn-account/mail")
    contact = context.session.get(Contact, case.id)
    link = context.links.to(f"{prefix_of(case.language)}/volgen/{HIDDEN}")
    is_on_paper = contact is not None and not contact.email
    # As when it is sent: to an address that nobody confirmed goes nothing that the filer wrote.
    title = case.title if is_on_paper or (contact is not None and contact.verified_at is not None) else ""
    about = About(case.reference, title, link, is_private_link=not is_on_paper, is_on_paper=is_on_paper)
    return about, f"{link}/mail"


def _letter(
    context: Context,
    kind: MailKind,
    about: About,
    choose_url: str,
    plain: str,
    legal: str,
    values: Mapping[str, Any],
    language: Language,
) -> MailText:
    """The whole letter, or the whole mail with what stands below it."""
    places = templates.places_of(kind, about, values, language)
    paragraphs = templates.paragraphs_of(plain, legal, places, language)
    text = to_submitter(about, LETTER_FORMS[kind].subject, *paragraphs)
    if about.is_on_paper:
        return in_language(text, language.code)
    text = as_mailed(text, kind, choose_url, language.code)
    contact_url, is_read = context.links.to("/contact"), context.links.mailbox is not None
    said = (with_way_to_answer(each, contact_url, is_read=is_read, goes_to_case=True) for each in text.paragraphs)
    return replace(text, paragraphs=tuple(said))


def _with_days(context: Context, values: Mapping[str, Any]) -> dict[str, Any]:
    day = context.today + timedelta(days=28)
    return {
        **dict.fromkeys(("answer_by", "react_by", "contest_until", "act_by", "next_date"), day),
        "legal_date": context.today,
        "asked_on": context.today,
        **values,
    }


def _known(context: Context, case: Case, kind: MailKind) -> dict[str, Any]:
    """What the case itself says: its verdict, its end, the last question, the last proposal and the last second look.
    The reason is that of its end in the letter that tells of it."""
    question = context.session.scalar(
        select(Message)
        .where(Message.case_id == case.id, Message.kind == MessageKind.QUESTION)
        .order_by(Message.id.desc())
        .limit(1)
    )
    proposal = context.session.scalar(
        select(Proposal).where(Proposal.case_id == case.id).order_by(Proposal.id.desc()).limit(1)
    )
    found: dict[str, Any] = {
        "plain": case.verdict_plain,
        "legal": case.verdict_legal,
        "reason": case.result_reason if kind is MailKind.CLOSED else None,
        "next_step": case.next_step,
        "next_date": case.due_on,
    }
    handler = context.session.get(Account, case.handler_id) if case.handler_id is not None else None
    look = context.session.scalar(
        select(SecondLook)
        .where(SecondLook.case_id == case.id, SecondLook.outcome.is_not(None))
        .order_by(SecondLook.id.desc())
        .limit(1)
    )
    if handler is not None:
        found["handler_name"] = handler.name
    if look is not None and kind is MailKind.SECOND_LOOK_OUTCOME:
        found |= {"outcome": look.outcome, "points": list(zip(look.points, look.answers, strict=True))}
        found["reason"] = look.reason
    if question is not None:
        found |= {"question": question.body, "why": question.why, "answer_by": question.answer_by}
    if proposal is not None:
        names = ("text", "legal_basis", "legal_date", "conditions", "who_acts", "act_by")
        found |= {name: getattr(proposal, name) for name in names}
    return found
