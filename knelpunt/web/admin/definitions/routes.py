"""Which partners agreed to the definitions of the figures, kept by an administrator."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, URLField
from wtforms.validators import InputRequired, Length, Optional

from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.definitions import REGISTER
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.models import DefinitionAgreement
from knelpunt.queries.figures import sealing as queries
from knelpunt.services.figures import agreements
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.shared.forms.form_page import FormPage, form_page
from knelpunt.web.shared.forms.forms import BaseForm, ButtonForm, DayField, choices
from knelpunt.web.shared.requests.access import requires, today_in_nl

NAME_MAX, URL_MAX = 200, 2_000


@bp.route("/beheer/definities")
@requires(Permission.KEEP_AGREEMENTS)
def definitions_list() -> ResponseReturnValue:
    return render_template("admin/definitions.html", rows=queries.agreements(db.session), register=REGISTER)


class AgreementForm(BaseForm):
    figure = SelectField("Welk cijfer?", [InputRequired("Kies een cijfer.")])
    partner = StringField("Welke partner?", [InputRequired("Vul een partner in."), Length(max=NAME_MAX)])
    agreed_on = DayField("Sinds welke dag?", [InputRequired("Vul een dag in.")])
    source_url = URLField("Waar staat dat? Dit mag leeg blijven.", [Optional(), Length(max=URL_MAX)])


class _AgreementPage(FormPage[Any, Any]):
    template = "admin/definition_form.html"

    @property
    def back(self) -> str:
        return url_for("admin.definitions_list")


@form_page(bp, "/beheer/definities/toevoegen", Permission.KEEP_AGREEMENTS)
class NoteAgreement(_AgreementPage):
    """That a partner agrees to a definition as it reads now."""

    form_class = AgreementForm
    title = "Leg vast wie het eens is"
    button = "Leg vast"
    done = "Het staat erbij, ook op de openbare pagina van het cijfer."

    def offer(self) -> None:
        names = [(name, f"{each.title}, versie {each.version}") for name, each in REGISTER.items()]
        self.form.figure.choices = choices([("", "Kies een cijfer"), *names])

    def prefill(self) -> None:
        self.form.agreed_on.data = today_in_nl()

    def act(self) -> None:
        agreements.note(
            self.context,
            figure=self.form.figure.data,
            partner=self.form.partner.data,
            agreed_on=self.form.agreed_on.data,
            source_url=self.form.source_url.data or "",
        )


@form_page(bp, "/beheer/definities/<id:agreement_id>/beeindigen", Permission.KEEP_AGREEMENTS)
class EndAgreement(_AgreementPage):
    """A partner no longer agrees, or it was noted by mistake."""

    agreement_id: int
    form_class = ButtonForm
    title = "Haal de instemming weg"
    button = "Haal weg"
    done = "De instemming is weggehaald."

    @property
    def lead(self) -> str:
        row = self.subject
        return f"{row.partner}: {REGISTER[row.figure].title}, versie {row.version}."

    def read(self) -> DefinitionAgreement:
        found = queries.agreement(db.session, self.agreement_id)
        if found is None:
            raise NotFound()
        return found

    def offer(self) -> None:
        _ = self.subject  # what is not there answers 404 before anything is sent

    def act(self) -> None:
        agreements.end(self.context, self.agreement_id)
