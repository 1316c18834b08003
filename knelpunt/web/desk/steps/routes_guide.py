"""The fast lane: a case in triage is answered with a ruimtewijzer that fits."""

from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import BRIDGEABLE_VERDICTS, RuleLevel, Verdict
from knelpunt.extensions import db
from knelpunt.queries.guides import published as guides
from knelpunt.services.core.search_index import words_to_share
from knelpunt.services.guides import answers as guide_answers
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.steps.page import carried_out, done, filled_in, obstacles, read_file, show_step
from knelpunt.web.shared.forms.forms import Chosen, EnumField, EnumRadioField, IdField, VersionedForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.transactions import commits

FOR_REVIEW = "Het ligt nu bij een tweede persoon. Zodra die akkoord is, krijgt de indiener de ruimtewijzer."
TEXT_LENGTH = 10_000


class GuideAnswerForm(VersionedForm):
    guide_id = IdField("Welke ruimtewijzer past?", [Chosen("Kies een ruimtewijzer.")])
    verdict = EnumRadioField(
        "Waar zit de ruimte?",
        [Chosen("Kies een oordeel.")],
        kind=Verdict,
        members=[verdict for verdict in Verdict if verdict in BRIDGEABLE_VERDICTS],
    )
    plain = TextAreaField(
        "Waarom past dit bij deze melding?",
        [DataRequired("Schrijf op waarom dit past."), Length(max=TEXT_LENGTH)],
        description="Dit leest de indiener. Korte zinnen.",
        render_kw={"rows": 5},
    )
    level = EnumField("Wie gaat erover?", [Chosen("Kies wie erover gaat.")], kind=RuleLevel)


@bp.route("/zaken/<string:reference>/beantwoorden-met-ruimtewijzer", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE)
@commits
def answer_with_guide(reference: str) -> ResponseReturnValue:
    """Step 8: what fits best stands first in the list."""
    file = read_file(reference)
    words = words_to_share(file.case.title, file.case.description)
    form = GuideAnswerForm()
    form.guide_id.offer(guides.answering_options(db.session, words))
    if form.validate_on_submit() and carried_out(
        form,
        lambda: guide_answers.request_guide_answer(
            current_context(),
            reference,
            form.version.data,
            guide_id=filled_in(form.guide_id.data),
            verdict=filled_in(form.verdict.data),
            plain=form.plain.data,
            level=filled_in(form.level.data),
        ),
    ):
        return done(reference, FOR_REVIEW)
    file = read_file(reference)
    return show_step(
        file,
        form,
        title="Beantwoorden met een ruimtewijzer",
        lead="De indiener krijgt de pagina als voorstel en zegt of die helpt. Een tweede persoon kijkt eerst mee.",
        button="Leg voor aan een tweede persoon",
        blocked_by=obstacles(file, steps.ANSWER_WITH_GUIDE),
        stands_now=[("Staat", label(file.case.status))],
    )
