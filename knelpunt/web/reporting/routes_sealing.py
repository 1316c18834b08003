"""Sealing a quarter by two persons, its canonical file, and corrections beside it."""

from contextlib import suppress
from functools import cached_property
from typing import Any

import structlog
from flask import Response, flash
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from knelpunt.adapters.log_lines import describe
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.figures.edition import Edition, in_words
from knelpunt.domain.figures.promises import PROMISES, Promise
from knelpunt.domain.figures.sealing import AFTER_A_LATER, CHECKS, Check
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.models import QuarterFile, QuarterSealing
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import sealing as queries
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.editions import files_of, kept_editions
from knelpunt.queries.figures.sealing import Found
from knelpunt.queries.public import promises
from knelpunt.queries.public.promises import Kept
from knelpunt.queries.quarters.planning import check_tasks
from knelpunt.services.figures import files, publishing
from knelpunt.services.figures import sealing as service
from knelpunt.services.quarters import sealing as quarters
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.public.making import public_edition, weigh_until, written
from knelpunt.web.reporting.public.pages import FORMS
from knelpunt.web.shared.forms.form_page import FormPage, form_page
from knelpunt.web.shared.forms.forms import BaseForm, choices
from knelpunt.web.shared.requests.access import current_actor, requires, today_in_nl
from knelpunt.web.shared.texts import said

MAX_WORDS = 2_000


class AskForm(BaseForm):
    """One box for each check, needed where the check finds something."""

    zonder_behandelaar = TextAreaField("Waarom kan dit zo blijven?", [Optional(), Length(max=MAX_WORDS)])
    zonder_oordeel = TextAreaField("Waarom kan dit zo blijven?", [Optional(), Length(max=MAX_WORDS)])
    raadpleging_te_laat = TextAreaField("Waarom kan dit zo blijven?", [Optional(), Length(max=MAX_WORDS)])
    zonder_toestemming = TextAreaField("Waarom kan dit zo blijven?", [Optional(), Length(max=MAX_WORDS)])
    antwoord_niet_openbaar = TextAreaField("Waarom kan dit zo blijven?", [Optional(), Length(max=MAX_WORDS)])
    stil = TextAreaField("Waarom kan dit zo blijven?", [Optional(), Length(max=MAX_WORDS)])


class DecideForm(BaseForm):
    decision = RadioField(
        "Wat beslist u?",
        [InputRequired("Kies wat u beslist.")],
        choices=choices([("akkoord", "Verzegelen. De cijfers liggen daarna vast."), ("terug", "Niet verzegelen")]),
    )
    remark = TextAreaField("Waarom niet?", [Optional(), Length(max=MAX_WORDS)])


class ErratumForm(BaseForm):
    place = SelectField("Welk cijfer klopt niet?", [InputRequired("Kies een cijfer.")])
    should_be = StringField("Wat had er moeten staan?", [InputRequired("Vul dit in."), Length(max=200)])
    reason = TextAreaField(
        "Wat is er fout gegaan?",
        [InputRequired("Vul dit in."), Length(max=MAX_WORDS)],
        description="Dit komt openbaar naast het cijfer te staan. Zet er geen namen in.",
    )


def _why(error: Exception) -> str:
    return (
        str(said(error.message)) if isinstance(error, DomainError) else "Vraag de beheerder om te kijken wat er mis is."
    )


class QuarterPage(FormPage[Any, Any]):
    """A page with one form about a quarter that is over: the quarter in the address, and the way back to it."""

    quarter: str

    @cached_property
    def of(self) -> Quarter:
        try:
            found = Quarter.parse(self.quarter)
        except ValueError:
            raise NotFound() from None
        if found.last_day >= today_in_nl():
            raise NotFound()
        return found

    @property
    def back(self) -> str:
        return f"/kwartalen/{self.of}"

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "quarter": self.of, "subject": self.subject, "texts": CHECKS}


def _promised(quarter: Quarter) -> list[tuple[Promise, Kept]]:
    """What a seal of a quarter would hold of the promises of the site."""
    kept = promises.kept_in(db.session, Span.of(quarter, quarter.last_day))
    return [(each, kept[each.key]) for each in PROMISES if each.key in kept]


def _moved(request: QuarterSealing, promised: list[tuple[Promise, Kept]]) -> dict[str, Kept]:
    """The promises that are told otherwise than when somebody asked to seal, by key, as they were then."""
    if request.promised is None:
        return {}
    then = {key: Kept(*numbers) for key, numbers in request.promised.items()}
    return {each.key: then.get(each.key, Kept(0, 0)) for each, kept in promised if then.get(each.key) != kept}


@form_page(bp, "/<string:quarter>/verzegelen", Permission.SEAL_QUARTER)
class AskSeal(QuarterPage):
    """The list of what is not settled, and the request to seal."""

    form_class = AskForm
    template = "reporting/seal_ask.html"
    title = "Vraag om te verzegelen"
    button = "Leg voor aan een tweede persoon"
    done = "Het verzoek is vastgelegd. Een tweede persoon krijgt bericht en beslist."

    @property
    def lead(self) -> str:
        return "Los eerst op wat u hier ziet, of leg uit waarom het zo blijft. Daarna kijkt een ander mee."

    def read(self) -> list[Found]:
        self._require_unsealed()
        return queries.checks(db.session, self.of, today_in_nl())

    def _require_unsealed(self) -> None:
        if queries.seal_of(db.session, self.of) is not None:
            raise NotFound()

    def offer(self) -> None:
        for found in self.subject:
            self.form[found.check.value].flags.required = bool(found.count)

    def act(self) -> None:
        words = {check: self.form[check.value].data or "" for check in Check}
        quarters.ask(self.context, self.of, words)

    def shown(self) -> dict[str, Any]:
        return {
            **super().shown(),
            "out_of_order": queries.out_of_order(db.session, self.of),
            "tells_less": AFTER_A_LATER if queries.comes_after_a_later(db.session, self.of) else None,
            "waiting": queries.asked(db.session, self.of),
            "tasks": check_tasks(db.session, self.of),
            "promised": _promised(self.of),
            "returned": queries.last_returned(db.session, self.of),
        }


@form_page(bp, "/<string:quarter>/verzegelen/besluit", Permission.SEAL_QUARTER)
class DecideSeal(QuarterPage):
    """The second person seals, or gives back."""

    form_class = DecideForm
    template = "reporting/seal_decide.html"
    title = "Beslis over het verzegelen"
    button = "Leg vast"
    done = "Dit kwartaal is verzegeld. De cijfers staan nu op de site."

    @property
    def lead(self) -> str:
        return (
            "Verzegelde cijfers staan meteen voor iedereen op de site. Zij veranderen niet meer. Een fout zet u er "
            "later als correctie naast."
        )

    def read(self) -> QuarterSealing:
        found = queries.asked(db.session, self.of)
        if found is None:
            raise NotFound()
        return found

    def act(self) -> str | None:
        if self.form.decision.data == "akkoord":
            # Before all acts of the desk wait for this one; the new one is weighed against what is kept.
            for done in publishing.keep_missing(self.context, lambda each: written(db.session, each)):
                if done.error is not None:
                    structlog.get_logger().error("edition not kept", quarter=str(done.quarter), **describe(done.error))
                    flash(f"Van kwartaal {done.quarter} is nog geen openbare versie bewaard. {_why(done.error)}")
            with suppress(LookupError):
                weigh_until(db.session, self.of.previous())
            service.agree(self.context, self.of)
            publishing.keep(self.context, self.of, written(db.session, self.of))
            files.ask(self.context, self.of)
            return None
        service.give_back(self.context, self.of, self.form.remark.data or "")
        return "Het verzoek is teruggegeven."

    def shown(self) -> dict[str, Any]:
        promised = _promised(self.of)
        return {
            **super().shown(),
            "out_of_order": queries.out_of_order(db.session, self.of),
            "tells_less": AFTER_A_LATER if queries.comes_after_a_later(db.session, self.of) else None,
            "found": queries.checks(db.session, self.of, today_in_nl()),
            "promised": promised,
            "moved": _moved(self.subject, promised),
            "names": reference(db.session).staff_names,
            "is_own": self.subject.asked_by_id == current_actor().account_id,
        }


@form_page(bp, "/<string:quarter>/bestanden", Permission.SEAL_QUARTER)
class MakeFiles(QuarterPage):
    """How far the making of the files is, and having them made again."""

    form_class = BaseForm
    template = "reporting/quarter_files.html"
    title = "Bestanden van het kwartaal"
    button = "Maak alle bestanden opnieuw"
    done = "De bestanden worden gemaakt. Dat duurt meestal minder dan een minuut."

    @property
    def back(self) -> str:
        return f"/kwartalen/{self.of}?weergave=openbaar#bestanden"

    def read(self) -> dict[str, QuarterFile]:
        if not kept_editions(db.session, [self.of]):
            raise NotFound()
        return files_of(db.session, self.of)

    def act(self) -> None:
        files.ask_again(self.context, self.of)

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "files": self.subject, "names": [(form, name) for form, name, _good_for in FORMS]}


@form_page(bp, "/<string:quarter>/erratum", Permission.SEAL_QUARTER)
class Erratum(QuarterPage):
    """A correction beside a sealed figure."""

    form_class = ErratumForm
    template = "reporting/quarter_form.html"
    title = "Corrigeer een cijfer"
    button = "Zet de correctie erbij"
    done = "De correctie staat erbij. Het verzegelde cijfer blijft staan."

    @property
    def lead(self) -> str:
        return "Het verzegelde cijfer verandert niet. De correctie krijgt een nummer en komt ernaast te staan."

    def read(self) -> Edition:
        found = public_edition(db.session, self.of)
        if found is None:
            raise NotFound()
        return found

    def offer(self) -> None:
        pairs = [(each.place, f"{each.words}: {in_words(each.cell)}") for each in self.subject.own()]
        self.form.place.choices = choices([("", "Kies een cijfer"), *pairs])

    def act(self) -> None:
        service.correct(
            self.context,
            self.subject,
            place=self.form.place.data,
            should_be=self.form.should_be.data,
            reason=self.form.reason.data,
        )


@bp.get("/<string:quarter>.json")
@requires(Permission.READ_FIGURES)
def as_json(quarter: str) -> ResponseReturnValue:
    """The seal as it was hashed, byte for byte."""
    try:
        found = queries.seal_of(db.session, Quarter.parse(quarter))
    except ValueError:
        raise NotFound() from None
    if found is None:
        raise NotFound()
    return Response(
        found.text.encode(),
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="kwartaal-{found.quarter}.json"',
            "X-SHA256": found.sha256,
        },
    )
