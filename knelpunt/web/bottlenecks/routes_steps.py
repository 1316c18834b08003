"""What moves a rule bottleneck: signalling it, its steps, and taking cases in. For its owner and the desk."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from knelpunt.domain.bottlenecks import NEEDS_SECOND, OPEN, BottleneckStep, steps_from
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.queries.bottlenecks import cases as linked_cases
from knelpunt.queries.bottlenecks import news as told
from knelpunt.queries.bottlenecks.bottlenecks import BottleneckFacts
from knelpunt.queries.bottlenecks.news import NewsItem
from knelpunt.queries.cases.page import read_case_file
from knelpunt.queries.core.reference import reference
from knelpunt.queries.laws import catalogue as laws
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import reviews, track
from knelpunt.services.bottlenecks.corrections import takes_two
from knelpunt.services.bottlenecks.redaction import NamesSomebody
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import may_move
from knelpunt.web.bottlenecks.blueprint import bp
from knelpunt.web.bottlenecks.force_check import CHANGE, TAKE, check_page, provision_groups
from knelpunt.web.bottlenecks.forms import (
    AnalyseForm,
    ChooseForm,
    ConsultForm,
    CorrectionForm,
    ErratumForm,
    ForceForm,
    LinkForm,
    MergeForm,
    NewsForm,
    OwnerForm,
    ParliamentForm,
    SignalForm,
)
from knelpunt.web.bottlenecks.words import STEP_PAGES
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

_STEP_BY_SLUG = {slug: step for step, (slug, _words) in STEP_PAGES.items()}
_FORMS: dict[BottleneckStep, type[VersionedForm]] = {
    BottleneckStep.ANALYSE: AnalyseForm,
    BottleneckStep.CHOOSE: ChooseForm,
    BottleneckStep.CONSULT: ConsultForm,
    BottleneckStep.SEND_TO_PARLIAMENT: ParliamentForm,
    BottleneckStep.BRING_INTO_FORCE: ForceForm,
    BottleneckStep.MERGE: MergeForm,
    BottleneckStep.ERRATUM: ErratumForm,
}
_FIELDS = frozenset(Filled.__struct_fields__) - {"provisions", "case", "news_id", "seen"}
_BUTTONS = {
    BottleneckStep.BRING_INTO_FORCE: "Ga naar de controle",
    BottleneckStep.ERRATUM: "Leg voor aan een tweede persoon",
}
ASK = "voorleggen"
"""The button that lays a step before a second person."""
DECIDED = {
    "aanvaarden": "De zaak hoort nu bij dit regelknelpunt.",
    "afwijzen": "De zaak hoort hier niet. Het loket ziet waarom.",
    "nakijken": "Dit blijft openbaar staan. Uw reden is bewaard.",
}
ASKED = "De stap ligt nu bij een tweede persoon. Tot die beslist, verandert er niets."


@bp.route("/regelknelpunten/nieuw", methods=["GET", "POST"])
@requires(Permission.SIGNAL_BOTTLENECK)
@commits
def signal() -> ResponseReturnValue:
    """Signal a rule bottleneck; from a case, its provisions are filled in and the case is put under it."""
    form = SignalForm()
    options = _provision_options()
    form.provision_id.offer(options)
    form.second_provision_id.offer(options)
    case_reference = request.args.get("zaak", "")
    file = read_case_file(db.session, current_actor(), case_reference) if case_reference else None
    if file is not None and not form.is_submitted():
        weighed = queries.provisions_weighed(db.session, file.case.id)
        fields = ((form.provision_id, form.role), (form.second_provision_id, form.second_role))
        for (provision_id, role), (chosen_field, role_field) in zip(weighed, fields, strict=False):
            chosen_field.data, role_field.data = provision_id, role
    if file is None:
        del form.why
    names_somebody = False
    if form.validate_on_submit():
        with errors_on(form):
            chosen = [(form.provision_id.data, form.role.data)]
            if form.second_provision_id.data is not None:
                chosen.append((form.second_provision_id.data, form.second_role.data))
            more = {"provisions": chosen, "provision_id": None, "case": file.case.reference if file else ""}
            filled = _filled(form, **more)
            if request.form.get("besluit") == ASK:
                asked = reviews.ask_signal(current_context(), filled)
                flash(ASKED)
                return redirect(url_for("bottlenecks.review", proposal_id=asked.id), 303)
            try:
                made = reviews.signal(current_context(), filled)
            except NamesSomebody:
                names_somebody = True
                raise
            flash("Het regelknelpunt staat op de site.")
            return redirect(url_for("bottlenecks.page", bottleneck_number=made.reference), 303)
    case = file.case if file else None
    page = render_template("bottlenecks/signal.html", form=form, case=case, ask=ASK if names_somebody else None)
    return page, form_status(form)


@bp.route("/regelknelpunten/<string:bottleneck_number>/stap/<string:step_slug>", methods=["GET", "POST"])
@requires(Permission.MOVE_BOTTLENECK)
@commits
def step(bottleneck_number: str, step_slug: str) -> ResponseReturnValue:
    """One step of the track: its form, or what stands in the way."""
    wanted = _STEP_BY_SLUG.get(step_slug)
    if wanted is None:
        raise NotFound()
    found = _mine(bottleneck_number)
    form = _FORMS.get(wanted, NewsForm)()
    _offer(form, found)
    fits = wanted in {rule.step for rule in steps_from(found.status, found.choice)}
    names_somebody = False
    if form.validate_on_submit():
        with errors_on(form):
            wish, act = request.form.get("besluit"), (found.reference, form.version.data, wanted)
            if isinstance(form, ForceForm) and wish != TAKE:
                if wish != CHANGE:
                    return check_page(found, form)
            elif wanted in NEEDS_SECOND or wish == ASK:
                asked = reviews.ask(current_context(), *act, _filled(form))
                flash(ASKED)
                return redirect(url_for("bottlenecks.review", proposal_id=asked.id), 303)
            else:
                try:
                    reviews.take_step(current_context(), *act, _filled(form))
                except NamesSomebody:
                    names_somebody = True
                    raise
                flash("De stap is vastgelegd. Wie dit volgt, krijgt bericht.")
                return redirect(url_for("bottlenecks.page", bottleneck_number=found.reference), 303)
        found = _mine(bottleneck_number)
    if form.conflict or not form.is_submitted():
        form.version.data = found.version
    page = render_template(
        "bottlenecks/step.html",
        form=form,
        found=found,
        title=STEP_PAGES[wanted][1],
        fits=fits or form.is_submitted(),
        button_words=_BUTTONS.get(wanted, "Leg deze stap vast"),
        ask=ASK if names_somebody else None,
        reach=reviews.erratum_reach(current_context(), found.id) if wanted is BottleneckStep.ERRATUM and fits else None,
        stands_now=[
            ("Stand", label(found.status)),
            ("Keuze", label(found.choice) if found.choice else None),
            ("Wacht op", found.waiting_for),
        ],
    )
    return page, form_status(form)


@bp.route("/regelknelpunten/<string:bottleneck_number>/correctie", methods=["GET", "POST"])
@requires(Permission.MOVE_BOTTLENECK)
@commits
def correct(bottleneck_number: str) -> ResponseReturnValue:
    """Correct what is public: the texts of the bottleneck itself, or the message whose number the address gives."""
    found = _mine(bottleneck_number)
    news = _news_asked(found)
    now = _texts_now(found, news)
    form = CorrectionForm()
    for name in ("title", "problem", "reason", "waiting_for", "body", "source_url"):
        if name not in now:
            del form[name]
    needs_two = news is not None and takes_two(news.status, is_erratum=news.is_erratum)
    names_somebody = False
    if form.validate_on_submit():
        with errors_on(form):
            act = (found.reference, form.version.data, BottleneckStep.CORRECT)
            more = {"source_url": form.source_url.data or ""} if "source_url" in form else {}
            filled = _filled(form, news_id=news.id if news else None, **more)
            if needs_two or request.form.get("besluit") == ASK:
                asked = reviews.ask(current_context(), *act, filled)
                flash(ASKED)
                return redirect(url_for("bottlenecks.review", proposal_id=asked.id), 303)
            try:
                reviews.take_step(current_context(), *act, filled)
            except NamesSomebody:
                names_somebody = True
                raise
            flash("De nieuwe tekst staat op de site.")
            place = f"nieuws-{news.id}" if news else "gewijzigd"
            return redirect(url_for("bottlenecks.page", bottleneck_number=found.reference, _anchor=place), 303)
        found = _mine(bottleneck_number)
        now = _texts_now(found, _news_asked(found))
    if form.conflict or not form.is_submitted():
        form.version.data = found.version
    if not form.is_submitted():
        for name, text in now.items():
            form[name].data = text
    page = render_template(
        "bottlenecks/correct.html",
        form=form,
        found=found,
        title="Wijzig dit bericht" if news else "Wijzig de tekst",
        fits=True,
        button_words=_BUTTONS[BottleneckStep.ERRATUM] if needs_two else "Zet de nieuwe tekst op de site",
        ask=ASK if names_somebody else None,
        reach=None,
        takes_two=needs_two,
        may_report=found.status in OPEN,
        stands_now=[(form[name].label.text, text) for name, text in now.items() if name in form],
    )
    return page, form_status(form)


def _news_asked(found: BottleneckFacts) -> NewsItem | None:
    """The message that the address names; None where it names none. Raises NotFound for one of another bottleneck."""
    asked = request.args.get("bericht")
    return None if asked is None else told.one_of(db.session, found.id, number_in(asked))


def _texts_now(found: BottleneckFacts, news: NewsItem | None) -> dict[str, str]:
    """What stands there and can be corrected, by field."""
    if news is not None:
        return {"body": news.body, "source_url": news.source_url or ""}
    texts = {
        "title": found.title,
        "problem": found.problem,
        "reason": found.choice_reason,
        "waiting_for": found.waiting_for,
    }
    return {name: text for name, text in texts.items() if text}


@bp.route("/regelknelpunten/<string:bottleneck_number>/eigenaar", methods=["GET", "POST"])
@requires(Permission.MOVE_BOTTLENECK)
@commits
def give_to(bottleneck_number: str) -> ResponseReturnValue:
    """Name another owner."""
    found = _mine(bottleneck_number)
    form = OwnerForm()
    _offer(form, found)
    if form.validate_on_submit():
        with errors_on(form):
            track.give_to(
                current_context(),
                found.reference,
                form.version.data,
                ministry_id=form.ministry_id.data,
                owner_id=form.owner_id.data,
            )
            is_other = form.owner_id.data != found.owner_id
            flash("De nieuwe eigenaar krijgt een mail." if is_other else "Het ministerie is gewijzigd.")
            return redirect(url_for("bottlenecks.page", bottleneck_number=found.reference), 303)
        found = _mine(bottleneck_number)
    if form.conflict or not form.is_submitted():
        form.version.data = found.version
    if not form.is_submitted():
        form.ministry_id.data, form.owner_id.data = found.ministry_id, found.owner_id
    names = reference(db.session)
    page = render_template(
        "bottlenecks/step.html",
        form=form,
        found=found,
        title="Geef aan een andere eigenaar",
        fits=has_owner(found) or form.is_submitted(),
        button_words="Wijs de eigenaar aan",
        ask=None,
        reach=None,
        stands_now=[
            ("Ministerie", names.ministry_names[found.ministry_id] if found.ministry_id else None),
            ("Eigenaar", names.staff_names[found.owner_id] if found.owner_id else None),
        ],
    )
    return page, form_status(form)


@bp.route(
    "/regelknelpunten/<string:bottleneck_number>/zaken/<string:reference>"
    "/<any(aanvaarden, afwijzen, nakijken):decision>",
    methods=["GET", "POST"],
)
@requires(Permission.MOVE_BOTTLENECK)
@commits
def decide(bottleneck_number: str, reference: str, decision: str) -> ResponseReturnValue:
    """Take a case in under the bottleneck, say why it belongs elsewhere, or look at what is public of its people."""
    found = _mine(bottleneck_number)
    row = linked_cases.case_under(db.session, found.id, reference)
    form = LinkForm()
    if form.validate_on_submit():
        with errors_on(form):
            act, pass_reason = (current_context(), found.reference, reference), form.pass_reason.data or ""
            if decision == "nakijken":
                bottleneck_links.let_names_stand(*act, pass_reason)
            else:
                bottleneck_links.decide_link(
                    *act, accepted=decision == "aanvaarden", reason=form.reason.data or "", pass_reason=pass_reason
                )
            flash(DECIDED[decision])
            return redirect(url_for("bottlenecks.page", bottleneck_number=found.reference), 303)
    standing = bottleneck_links.standing_of(db.session, found.id, reference)
    decides = decision == "afwijzen" or not standing.found or row.linked_by_id != current_actor().account_id
    others = [] if decides else bottleneck_links.others_who_decide(current_context(), found.id, reference)
    page = render_template(
        "bottlenecks/decide.html",
        form=form,
        found=found,
        row=row,
        decision=decision,
        standing=standing,
        decides=decides,
        others=others,
        may_name=found.status in OPEN,
        place=_name_of_place(row.municipality_id),
    )
    return page, form_status(form)


def _name_of_place(municipality_id: int | None) -> str:
    return reference(db.session).municipality_names[municipality_id] if municipality_id else ""


def has_owner(found: BottleneckFacts) -> bool:
    """Whether another owner can be named: there is one, and there is still something to move."""
    return found.owner_id is not None and found.status in OPEN


def _mine(number: str) -> BottleneckFacts:
    """The bottleneck, for the one who may move it. Raises NotFound for others: they have no business here."""
    found = queries.bottleneck(db.session, number)
    actor = current_actor()
    if not may_move(actor.role, actor.account_id, found.owner_id):
        raise NotFound()
    return found


def _offer(form: Form, found: BottleneckFacts) -> None:
    """Fill the lists to choose from."""
    if isinstance(form, OwnerForm):
        form.ministry_id.offer(reference(db.session).ministry_options)
        form.owner_id.offer(queries.owner_choices(db.session))
    if isinstance(form, ForceForm):
        form.provision_id.offer_groups(provision_groups(found))


def _provision_options() -> list[tuple[int, str]]:
    """Every provision of the catalogue, by law, with how it stands today."""
    catalogue = laws.catalogue_on(db.session, today_in_nl())
    rows = sorted(catalogue.provisions.values(), key=lambda one: (one.law_title.lower(), one.position))
    return [(row.id, f"{row.citation}: {row.instrument} ({label(row.standing).lower()})") for row in rows]


def _filled(form: Any, **more: Any) -> Filled:
    """All that a form of a step holds."""
    typed = {name: form[name].data for name in _FIELDS if name in form and form[name].data not in (None, "")}
    return Filled(**{**typed, **more})
