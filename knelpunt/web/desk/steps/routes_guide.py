"""The fast lane: a case in triage is answered with a ruimtewijzer that fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.situations.matching import FoundSituation
from knelpunt.domain.suggestions.results import enumerated
from knelpunt.domain.vocabulary import BRIDGEABLE_VERDICTS, RuleLevel, Verdict
from knelpunt.extensions import db
from knelpunt.queries.guides import published as guides
from knelpunt.services.guides import answers as guide_answers
from knelpunt.services.search import answers
from knelpunt.services.suggestions.desk import situations_for_case
from knelpunt.web.desk.steps.page import StepPage, step_page
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.forms.forms import Chosen, EnumField, EnumRadioField, IdField, VersionedForm

TEXT_LENGTH = 10_000
FITTING_SHOWN = 4
MOST_WORDS = 5
BY_WORDS = "Deelt woorden met de melding."


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


@dataclass(frozen=True, slots=True)
class FittingGuide:
    """A guide that may answer the case, and why."""

    slug: str
    question: str
    why: str


def _by_situation(found: FoundSituation) -> str:
    words = enumerated([f"‘{word}’" for word in found.words[:MOST_WORDS]])
    return f"Past bij de situatie “{found.situation.title}”, door {words or 'uw keuze'}."


@step_page("beantwoorden-met-ruimtewijzer", steps.ANSWER_WITH_GUIDE.permission)
class AnswerWithGuide(StepPage[GuideAnswerForm]):
    """Step 8: what fits best stands first in the list."""

    step = steps.ANSWER_WITH_GUIDE
    template = "desk/answer_with_guide.html"
    fitting: Sequence[FittingGuide] = ()
    form_class = GuideAnswerForm
    title = "Beantwoorden met een ruimtewijzer"
    lead = "De indiener krijgt de pagina als voorstel en zegt of die helpt. Een tweede persoon kijkt eerst mee."
    button = "Leg voor aan een tweede persoon"
    done = "Het ligt nu bij een tweede persoon. Zodra die akkoord is, krijgt de indiener de ruimtewijzer."

    def offer(self) -> None:
        """The guides of the situations first, then those that answer the words of the case."""
        text = f"{self.case.title}\n{self.case.description}"
        situations = situations_for_case(db.session, self.file)
        why = {slug: one for one in reversed(situations) for slug in one.situation.guides}
        first = list(dict.fromkeys(slug for one in situations for slug in one.situation.guides))
        _question, fitting = answers.fitting_guides(db.session, text, DUTCH, self.context.today)
        by_words = [row for row in guides.rows_of(db.session, list(fitting)) if row.slug not in why]
        self.form.guide_id.offer(guides.answering_options(db.session, [*first, *(row.slug for row in by_words)]))
        questions = guides.questions_of(db.session, first)
        self.fitting = [
            FittingGuide(slug, questions[slug], _by_situation(why[slug])) for slug in first if slug in questions
        ] + [FittingGuide(row.slug, row.question, BY_WORDS) for row in by_words]

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"fitting": self.fitting[:FITTING_SHOWN]}

    def act(self) -> None:
        form = self.form
        guide_answers.request_guide_answer(
            self.context,
            self.reference,
            form.version.data,
            guide_id=filled_in(form.guide_id.data),
            verdict=filled_in(form.verdict.data),
            plain=form.plain.data,
            level=filled_in(form.level.data),
        )
