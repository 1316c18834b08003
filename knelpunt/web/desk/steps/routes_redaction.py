"""The file and the public text side by side, with what points at a person marked in both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.cases import publication as steps
from knelpunt.domain.permissions import Permission
from knelpunt.domain.redaction.checks import Found, in_words, look_through, not_passed
from knelpunt.domain.redaction.finds import Piece, pieces
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import CaseFile, ReviewRow
from knelpunt.queries.core import people
from knelpunt.services.cases.redaction import fields_of, found_among, found_in
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import running_term
from knelpunt.web.desk.steps.page import case_address, read_file
from knelpunt.web.shared.requests.access import current_actor, requires, today_in_nl

_TITLES = {
    "title": "Titel",
    "question": "De vraag",
    "answer": "Het antwoord",
    "next_step": "De volgende stap",
    "change": "Wat er is gewijzigd",
    "rules": "Gekoppelde regels die geen bepaling uit de lijst zijn",
    "source_title": "De naam van de bron",
    "municipality_then": "De gemeente van toen",
}


@dataclass(frozen=True, slots=True)
class MarkedText:
    """One text with its heading, cut at what was found in it."""

    title: str
    pieces: list[Piece]


@bp.route("/zaken/<string:reference>/openbare-tekst/naast-het-dossier")
@requires(Permission.PUBLISH_CASE, Permission.REVIEW_CASE)
def text_beside_file(reference: str) -> ResponseReturnValue:
    """Both texts, for who writes the public one and for who reviews it."""
    file = read_file(reference)
    known = people.known_of_case(db.session, file.case.id)
    text, waiting = file.public_text, file.open_review
    fields = text_fields(file, waiting)
    found = found_among(fields, known)
    of_file = _of_file(file)
    return render_template(
        "desk/text_beside_file.html",
        file=file,
        case=file.case,
        term=running_term(file, today_in_nl()),
        case_path=case_address(reference),
        told=in_words(found, steps.FIELDS),
        is_passed=bool(found) and text is not None and not not_passed(found, text.passed),
        may_write=current_actor().can(Permission.PUBLISH_CASE) and steps.WRITE.obstacle(file.text_facts) is None,
        may_ask=current_actor().can(Permission.PUBLISH_CASE) and steps.REVIEW.obstacle(file.text_facts) is None,
        of_text=_marked(fields, found),
        of_file=_marked(of_file, look_through(of_file, known)),
    )


def text_finds(file: CaseFile, waiting: ReviewRow | None = None) -> tuple[Found, ...]:
    """What points at a person in the public text, and no second person let stand yet."""
    text = file.public_text
    if text is None:
        return ()
    found = found_in(db.session, file.case.id, text_fields(file, waiting))
    return not_passed(found, text.passed)


def text_fields(file: CaseFile, waiting: ReviewRow | None = None) -> dict[str, str | None]:
    """What becomes public of the text of this case, field by field."""
    text = file.public_text
    if text is None:
        return {}
    provisions = (text.shown or file.beside_text)["provisions"]
    step, payload = (waiting.step, waiting.payload) if waiting else (None, None)
    case = file.case
    return fields_of(
        text, provisions, step, payload, source_title=case.source_title, municipality_then=case.municipality_then
    )


def _of_file(file: CaseFile) -> dict[str, str | None]:
    case, proposal = file.case, file.proposal
    return {
        "Titel": case.title,
        "De melding": case.description,
        "Wat de indiener wil bereiken": case.goal,
        "Waar het speelt": case.place,
        "De regel, in eigen woorden": case.rule_words,
        "Wat al is geprobeerd": case.tried,
        "Wie erbij betrokken zijn": case.involved,
        "Wat de indiener vraagt": case.wanted,
        "Oordeel in gewone woorden": case.verdict_plain,
        "Voorstel": proposal.text if proposal else None,
        "Reden van het resultaat": case.result_reason,
    }


def _marked(texts: Mapping[str, str | None], found: Sequence[Found]) -> list[MarkedText]:
    return [
        MarkedText(_TITLES.get(field, field), pieces(words, [each.find for each in found if each.field == field]))
        for field, words in texts.items()
        if words
    ]
