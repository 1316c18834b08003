"""What every figure means, for everybody; and what a ministry says about its own number, noted by staff."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.definitions import REGISTER, SMALL_NUMBER_RULES
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.models import MinistryReply
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import sealing as queries
from knelpunt.services.figures import agreements
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.routes_sealing import QuarterPage
from knelpunt.web.shared.forms.form_page import form_page
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, DayField, IdField
from knelpunt.web.shared.requests.access import public, today_in_nl

MAX_WORDS = 2_000


@bp.get("/definities")
@public
def definitions() -> ResponseReturnValue:
    """Every figure with what it counts."""
    return render_template("reporting/definitions.html", register=REGISTER)


@bp.get("/definities/<string:figure_name>")
@public
def definition(figure_name: str) -> ResponseReturnValue:
    """One figure: how it is worked out, what becomes of small numbers, since when, and who agreed to it."""
    found = REGISTER.get(figure_name)
    if found is None:
        raise NotFound()
    return render_template(
        "reporting/definition.html",
        definition=found,
        small=SMALL_NUMBER_RULES[found.small],
        agreements=queries.agreements(db.session, figure_name),
    )


class ReplyForm(BaseForm):
    ministry_id = IdField("Welk ministerie?", [Chosen("Kies een ministerie.")])
    words = TextAreaField(
        "Wat zegt het ministerie?",
        [Optional(), Length(max=MAX_WORDS)],
        description="Dit komt openbaar naast het cijfer te staan. Zet er geen namen in. Trekt het ministerie zijn "
        "reactie in? Laat dit dan leeg.",
    )
    given_on = DayField("Op welke dag kwam dit?", [InputRequired("Vul een dag in.")])


@form_page(bp, "/<string:quarter>/reactie", Permission.SEAL_QUARTER)
class NoteReply(QuarterPage):
    """The ministry's right of reply."""

    form_class = ReplyForm
    template = "reporting/quarter_form.html"
    title = "Reactie van een ministerie"
    button = "Zet de reactie erbij"
    done = "De reactie staat naast het cijfer van het ministerie."

    @property
    def lead(self) -> str:
        return (
            "Wat een ministerie over zijn eigen cijfer zegt, komt ernaast te staan. Komt er later iets nieuws? "
            "Dan staat dat er. Stuurt u een lege reactie, dan gaat de vorige weg."
        )

    def read(self) -> dict[int, MinistryReply]:
        return queries.ministry_replies(db.session, self.of)

    def offer(self) -> None:
        self.form.ministry_id.offer(reference(db.session).ministry_options)

    def prefill(self) -> None:
        self.form.given_on.data = today_in_nl()

    def act(self) -> str | None:
        row = agreements.reply(
            self.context,
            self.of,
            ministry_id=self.form.ministry_id.data,
            words=self.form.words.data or "",
            given_on=self.form.given_on.data,
        )
        return None if row.words else "De reactie van het ministerie is weggehaald."

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "names": reference(db.session).ministry_names}
