"""What a request came to, as the person reads it on a page and in a PDF: what went, what stays and why. No names."""

from dataclasses import dataclass
from typing import Any

from flask import Response

from knelpunt.adapters.typesetting import certificate_pdf
from knelpunt.domain.errors import NotFound
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.privacy.requests import GROUND_WORDS, Done, Proof, RequestKind
from knelpunt.domain.texts import Text
from knelpunt.models import PrivacyRequest
from knelpunt.web.shared.pages.filters import full_date, number
from knelpunt.web.shared.privacy import KIND_WORDS, STATUS_WORDS
from knelpunt.web.shared.requests.access import now_utc
from knelpunt.web.shared.requests.request_language import spoken_in
from knelpunt.web.shared.texts import _, said

Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One request in words."""

    number: int
    title: str
    facts: Rows
    answer: str
    extended_reason: str
    gone_title: str
    gone: Rows
    stays_title: str
    stays: Rows
    is_over: bool


def told(request: PrivacyRequest) -> Answer:
    """The request as its page says it."""
    proof, is_erasure = Proof.of_json(request.proof), request.kind is RequestKind.ERASURE
    facts = [
        (_("Wat u vroeg"), str(KIND_WORDS[request.kind])),
        (_("Ontvangen op"), full_date(request.received_on)),
        (_("Stand"), str(STATUS_WORDS[request.status])),
        (_("Ons antwoord komt uiterlijk op"), "" if request.decided_at else full_date(request.due_on)),
        (_("Besloten op"), full_date(request.decided_at) if request.decided_at else ""),
        (_("Kopie van uw gegevens"), _copy(request) if request.owes_copy else ""),
        (_("Controlesom"), request.digest or ""),
    ]
    return Answer(
        number=request.id,
        title=_("Uw verzoek over uw gegevens"),
        facts=[(term, value) for term, value in facts if value],
        answer=request.answer or "",
        extended_reason=request.extended_reason or "",
        gone_title=_("Wat wij weghaalden") if is_erasure else _("Waar wij u vonden"),
        gone=[_line(each) for each in proof.gone],
        stays_title=_("Wat blijft, en waarom") if is_erasure else _("Wat niet in de kopie staat, en waarom"),
        stays=[
            (words, f"{places}. {said(GROUND_WORDS[each.ground])}")
            for each in proof.stays
            if each.ground
            for words, places in [_line(each)]
        ],
        is_over=request.decided_at is not None,
    )


def _copy(request: PrivacyRequest) -> str:
    if request.answered_on:
        return _("Wij stuurden u de kopie op %(day)s.", day=full_date(request.answered_on))
    return _("Wij sturen u de kopie apart.")


def _line(done: Done) -> tuple[str, str]:
    count = _("1 plek") if done.places == 1 else _("%(num)s plekken", num=number(done.places))
    return said(Text(done.what)), count


def answer_pdf(request: PrivacyRequest) -> Response:
    """The same as a PDF, in Dutch: it can be archived, and read aloud. Before the decision it tells why more time is
    needed."""
    if request.decided_at is None and request.extended_reason is None:
        raise NotFound()
    with spoken_in(DUTCH):
        content = certificate_pdf(pdf_data(told(request)), made_at=request.decided_at or now_utc())
    headers = {"Content-Disposition": f'attachment; filename="antwoord-verzoek-{request.id}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


def pdf_data(answer: Answer) -> dict[str, Any]:
    """The answer for the typst source, ready to be JSON."""
    parts = [
        {"title": "Uw verzoek", "rows": answer.facts},
        {"title": answer.gone_title, "rows": answer.gone},
        {"title": answer.stays_title, "rows": answer.stays},
    ]
    complaint = (
        "Bent u het hier niet mee eens? Dan kunt u binnen zes weken bezwaar maken bij het loket. U kunt ook een klacht "
        "indienen bij de Autoriteit Persoonsgegevens."
    )
    if not answer.is_over:
        complaint = "Bent u het hier niet mee eens? Dan kunt u een klacht indienen bij de Autoriteit Persoonsgegevens."
    longer = f"Wij hebben meer tijd nodig. {answer.extended_reason}" if answer.extended_reason else ""
    words = answer.answer if answer.is_over else longer
    return {
        "title": answer.title,
        "subtitle": f"{answer.title}, nummer {answer.number}",
        "about": [*words.split("\n\n"), complaint] if words else [complaint],
        "parts": [part for part in parts if part["rows"]],
    }
