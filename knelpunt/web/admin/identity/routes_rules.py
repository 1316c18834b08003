"""The rules by which people of a provider come in: the list, a new one, and what a second administrator decides."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.identity.claims import CLAIM_MAX, GIVEN_BY_RULE, REASON_MAX, VALUE_MAX, SignOnRuleStatus
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import Role
from knelpunt.extensions import db
from knelpunt.queries.accounts import organisations, sign_on
from knelpunt.services.accounts.identity import sign_on_rules
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.shared.forms.form_page import FormPage, form_page
from knelpunt.web.shared.forms.forms import CHOOSE, BaseForm, EnumField, IdField
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.bodies import pressed
from knelpunt.web.shared.requests.transactions import commits

STATUS_WORDS = {
    SignOnRuleStatus.PROPOSED: "Wacht op een tweede beheerder",
    SignOnRuleStatus.HOLDS: "Geldt",
    SignOnRuleStatus.REFUSED: "Afgewezen",
    SignOnRuleStatus.ENDED: "Geldt niet meer",
}


class RuleForm(BaseForm):
    """What a provider must say, and what follows."""

    provider = SelectField("Inloggen via", validators=[InputRequired("Kies waar iemand inlogt.")])
    claim = StringField(
        "Kenmerk",
        description="Zoals: groups, of realm_access.roles.",
        validators=[InputRequired("Vul een kenmerk in."), Length(max=CLAIM_MAX)],
    )
    value = StringField(
        "Wat daar moet staan", validators=[InputRequired("Vul in wat er moet staan."), Length(max=VALUE_MAX)]
    )
    second_claim = StringField("Tweede kenmerk", validators=[Length(max=CLAIM_MAX)])
    second_value = StringField("Wat daar moet staan, bij het tweede kenmerk", validators=[Length(max=VALUE_MAX)])
    organisation_id = IdField("Organisatie", validators=[InputRequired("Kies een organisatie.")])
    role = EnumField("Rol", kind=Role, members=GIVEN_BY_RULE, validators=[InputRequired("Kies een rol.")])
    reason = TextAreaField(
        "Waarom deze regel?",
        description="Een andere beheerder leest dit en besluit.",
        validators=[InputRequired("Schrijf op waarom."), Length(max=REASON_MAX)],
    )


@bp.route("/beheer/inlogregels")
@requires(Permission.MANAGE_ACCOUNTS)
def sign_on_rules_list() -> ResponseReturnValue:
    asked = ListFilters.of_request()
    status = asked.choice("stand", members(SignOnRuleStatus, STATUS_WORDS.__getitem__))
    rows = sign_on.list_rules(db.session, status, after=asked.place("na"))
    shown, more = rows[: sign_on.PAGE_SIZE], len(rows) > sign_on.PAGE_SIZE
    return render_template(
        "admin/sign_on_rules.html",
        rows=shown,
        status=status,
        status_words=STATUS_WORDS,
        status_options=[(each.value, words) for each, words in STATUS_WORDS.items()],
        providers=_providers(),
        chips=asked.chips(),
        first_href=asked.address() if asked.place("na") else None,
        next_href=asked.address(na=shown[-1].id) if more else None,
        own_id=current_actor().account_id,
    )


@form_page(bp, "/beheer/inlogregels/nieuw", Permission.MANAGE_ACCOUNTS)
class SignOnRuleNew(FormPage[RuleForm, None]):
    """Propose one."""

    form_class = RuleForm
    template = "admin/sign_on_rule.html"
    title = "Stel een inlogregel voor"
    lead = "Zegt de organisatie dit van iemand? Dan krijgt die de rol die u kiest. Een andere beheerder besluit."
    button = "Stel de regel voor"
    done = "De regel is voorgesteld. Een andere beheerder moet nog besluiten."
    back = "/beheer/inlogregels"

    def offer(self) -> None:
        self.form.provider.choices = [("", CHOOSE), *_providers().items()]
        self.form.organisation_id.offer(organisations.choices(db.session))

    def act(self) -> None:
        form = self.form
        sign_on_rules.propose(
            self.context,
            provider=form.provider.data,
            claim=form.claim.data or "",
            value=form.value.data or "",
            second_claim=form.second_claim.data or "",
            second_value=form.second_value.data or "",
            organisation_id=form.organisation_id.data,
            role=form.role.data,
            reason=form.reason.data or "",
        )

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"providers": _providers()}


@bp.route("/beheer/inlogregels/<id:rule_id>/besluit", methods=["POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def sign_on_rule_decide(rule_id: int) -> ResponseReturnValue:
    is_accepted = pressed("besluit", {"akkoord": True, "nee": False})
    sign_on_rules.decide(current_context(), rule_id, is_accepted=is_accepted)
    flash("De regel geldt vanaf nu." if is_accepted else "De regel is afgewezen.")
    return redirect(url_for("admin.sign_on_rules_list"))


@bp.route("/beheer/inlogregels/<id:rule_id>/beeindigen", methods=["POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def sign_on_rule_end(rule_id: int) -> ResponseReturnValue:
    sign_on_rules.end(current_context(), rule_id)
    flash("De regel geldt niet meer. Wie erdoor binnenkwam, is uitgelogd.")
    return redirect(url_for("admin.sign_on_rules_list"))


def _providers() -> dict[str, str]:
    """The name of each organisation where people can log in."""
    return {client.provider.slug: client.provider.name for client in current_app.config["SIGN_ON"].values()}
