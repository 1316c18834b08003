"""Municipalities that go up in another one on a day: proposed, looked at, decided by a second person, taken back."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.errors import DomainError
from knelpunt.domain.mergers import (
    EXCEPTIONS_MAX_CHARACTERS,
    FOLLOWING,
    NAME_MAX_CHARACTERS,
    OPEN_MERGERS,
    REASON_MAX_CHARACTERS,
    MergerStatus,
)
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.accounts import administrators
from knelpunt.queries.accounts import mergers as queries
from knelpunt.queries.core.reference import reference, sort_key
from knelpunt.services.accounts import mergers
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.shared.forms.form_page import FormPage, filled_in, form_page
from knelpunt.web.shared.forms.forms import BaseForm, DayField, IdField
from knelpunt.web.shared.forms.proposals import decided
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits, form_status

STATUS_WORDS = {
    MergerStatus.PROPOSED: "Wacht op een tweede beheerder",
    MergerStatus.PLANNED: "Gaat door op de dag",
    MergerStatus.DONE: "Uitgevoerd",
    MergerStatus.REFUSED: "Afgewezen",
    MergerStatus.CANCELLED: "Ingetrokken",
}
ENDING_MAX = 2000


class MergerForm(BaseForm):
    """Which municipalities end, in which they go up, and when."""

    ending = TextAreaField(
        "Welke gemeenten eindigen?",
        description="Elke naam op een eigen regel.",
        validators=[InputRequired("Vul ten minste één gemeente in."), Length(max=ENDING_MAX)],
        render_kw={"rows": 3},
    )
    day = DayField(
        "Vanaf welke dag?",
        description="De eerste dag van de nieuwe gemeente. Meestal is dat 1 januari.",
        validators=[InputRequired("Vul een dag in.")],
    )
    code = StringField(
        "Code van de gemeente waarin zij opgaan",
        description="De code van het CBS, zoals GM0193. Bestaat de gemeente al? Dan is de code genoeg.",
        validators=[InputRequired("Vul een code in."), Length(max=20)],
    )
    name = StringField("Naam, als de gemeente nieuw is", validators=[Length(max=NAME_MAX_CHARACTERS)])
    province_id = IdField("Provincie, als de gemeente nieuw is")
    elsewhere = TextAreaField(
        "Wat gaat naar een andere gemeente?",
        description="Alleen als een gemeente wordt verdeeld. Zet op elke regel een e-mailadres of een zaaknummer, en"
        " de code van de gemeente. Zoals: KNP-2026-00012 GM0193. De rest gaat naar de gemeente hierboven.",
        validators=[Length(max=EXCEPTIONS_MAX_CHARACTERS)],
        render_kw={"rows": 3},
    )
    reason = TextAreaField(
        "Waar staat dit?",
        description="Noem de wet of het besluit. Een andere beheerder leest dit en besluit.",
        validators=[InputRequired("Schrijf op waar dit staat."), Length(max=REASON_MAX_CHARACTERS)],
        render_kw={"rows": 3},
    )


@bp.route("/beheer/herindelingen")
@requires(Permission.MANAGE_ACCOUNTS)
def mergers_list() -> ResponseReturnValue:
    asked = ListFilters.of_request()
    status = asked.choice("stand", members(MergerStatus, STATUS_WORDS.__getitem__))
    rows = queries.list_mergers(db.session, status, after=asked.place("na"))
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    return render_template(
        "admin/mergers.html",
        rows=shown,
        status=status,
        status_words=STATUS_WORDS,
        first_href=asked.address() if asked.place("na") else None,
        next_href=asked.address(na=shown[-1].id) if more else None,
    )


@form_page(bp, "/beheer/herindelingen/nieuw", Permission.MANAGE_ACCOUNTS)
class MergerNew(FormPage[MergerForm, None]):
    """Propose one; the page that follows says what goes along."""

    form_class = MergerForm
    template = "admin/merger_new.html"
    title = "Stel een herindeling voor"
    lead = "Na dit voorstel ziet u wat er meegaat. Er gebeurt niets voordat een andere beheerder akkoord gaat."
    button = "Stel de herindeling voor"
    done = "De herindeling is voorgesteld. Een andere beheerder moet nog besluiten."
    back = "/beheer/herindelingen"

    def offer(self) -> None:
        self.form.province_id.offer(reference(db.session).province_options)

    def act(self) -> None:
        form = self.form
        merger = mergers.propose(
            self.context,
            day=filled_in(form.day.data),
            ending=_named(form.ending.data or ""),
            code=form.code.data or "",
            name=form.name.data or "",
            province_id=form.province_id.data,
            reason=form.reason.data or "",
            elsewhere=form.elsewhere.data or "",
        )
        self.back = url_for("admin.merger_one", merger_id=merger.id)


@bp.route("/beheer/herindelingen/<id:merger_id>")
@requires(Permission.MANAGE_ACCOUNTS)
def merger_one(merger_id: int) -> ResponseReturnValue:
    """What follows, and the buttons of who may decide."""
    return _page(merger_id, BaseForm(formdata=None))


def _page(merger_id: int, form: BaseForm) -> str:
    merger = queries.one(db.session, merger_id)
    if merger is None:
        abort(404)
    is_open = merger.status in OPEN_MERGERS
    followed = queries.counts(db.session, merger_id) if is_open else merger.followed
    accounts, cases = queries.named_followers(db.session, merger_id) if is_open else ((), ())
    number = current_actor().account_id
    return render_template(
        "admin/merger.html",
        merger=merger,
        names=reference(db.session),
        status_words=STATUS_WORDS,
        is_open=is_open,
        followed=[(words, followed[name]) for name, words in FOLLOWING.items()] if followed is not None else None,
        accounts=accounts,
        cases=cases,
        shown=queries.NAMES_SHOWN,
        has_come=merger.day <= current_context().today,
        form=form,
        is_own=merger.proposed_by_id == number,
        is_confirmed=number is not None and administrators.standing_of(db.session, number).is_confirmed,
    )


@bp.route("/beheer/herindelingen/<id:merger_id>/besluit", methods=["POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def merger_decide(merger_id: int) -> ResponseReturnValue:
    """Let it happen, or refuse it; anything else than one of the two buttons decides nothing."""
    context, form = current_context(), BaseForm(formdata=None)
    status = decided(
        form,
        {
            MergerStatus.PLANNED: lambda: mergers.decide(context, merger_id, is_accepted=True).status,
            MergerStatus.REFUSED: lambda: mergers.decide(context, merger_id, is_accepted=False).status,
        },
    )
    if status is None:
        return _page(merger_id, form), form_status(form)
    flash({
        MergerStatus.REFUSED: "De herindeling is afgewezen.",
        MergerStatus.PLANNED: "De herindeling gaat door op de dag. Wie het aangaat, krijgt een mail.",
        MergerStatus.DONE: "De herindeling is uitgevoerd. Wie het aangaat, krijgt een mail.",
    }[status])  # fmt: skip
    return redirect(url_for("admin.merger_one", merger_id=merger_id))


@bp.route("/beheer/herindelingen/<id:merger_id>/intrekken", methods=["POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def merger_cancel(merger_id: int) -> ResponseReturnValue:
    mergers.cancel(current_context(), merger_id)
    flash("De herindeling is ingetrokken. Er is niets veranderd.")
    return redirect(url_for("admin.merger_one", merger_id=merger_id))


def _named(text: str) -> list[int]:
    """The municipalities of today that are named, one on a line.

    Raises:
        DomainError: on the field ``ending``, with the name that is not known.
    """
    names, found = reference(db.session), []
    of_today = names.municipality_options  # they go last: an earlier municipality may have had the same name
    known = {sort_key(words): id_ for id_, words in (*names.municipality_names.items(), *of_today)}
    for line in filter(None, (each.strip() for each in text.splitlines())):
        id_ = known.get(sort_key(line))
        if id_ is None:
            raise DomainError(f"Deze gemeente kennen wij niet: {line[:80]}", field="ending")
        found.append(id_)
    return found
