"""Requests of people about their own data (AVG): the list with its clock, one request, its places, and its end."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.privacy.requests import (
    CHOICES,
    CHOSEN_GROUNDS,
    OPEN_REQUESTS,
    Ground,
    PlaceDecision,
    PrivacyEvent,
    RequestKind,
    RequestStatus,
    subject_of,
)
from knelpunt.extensions import db
from knelpunt.models import PrivacyRequest
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.queries.privacy import export
from knelpunt.queries.privacy import requests as queries
from knelpunt.queries.privacy.places import CONTENT, own_cases
from knelpunt.queries.privacy.register import register
from knelpunt.services.core import events
from knelpunt.services.privacy import answers, erasing, requests
from knelpunt.services.privacy.erasing import Fate
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.privacy.forms import (
    LOOKED_FOR_COPY,
    AnswerForm,
    FinishForm,
    IdentityForm,
    ReasonForm,
    WriteDownForm,
)
from knelpunt.web.shared.forms.form_page import FormPage, FormT, filled_in, form_page
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.open_data.json_files import json_lines
from knelpunt.web.shared.pages.csv_files import csv_download
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.privacy import CHANNEL_WORDS, KIND_WORDS, RECEIPT_WORDS, STATUS_WORDS, STAYS_WORDS
from knelpunt.web.shared.privacy.answer import answer_pdf, told
from knelpunt.web.shared.privacy.export import JSON_FORM, download
from knelpunt.web.shared.requests.access import asks_factor, current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

LATER = PlaceDecision.UNDECIDED.value
DECISION_WORDS = {
    RequestKind.ERASURE: {
        PlaceDecision.UNDECIDED: "Nog niet besloten",
        PlaceDecision.TAKE_AWAY: "Gaat weg",
        PlaceDecision.LET_STAND: "Blijft staan",
    },
    RequestKind.ACCESS: {
        PlaceDecision.UNDECIDED: "Nog niet besloten",
        PlaceDecision.GIVE: "Gaat mee met de kopie",
        PlaceDecision.LET_STAND: "Gaat niet mee",
    },
}
DO_WORDS = {PlaceDecision.TAKE_AWAY: "Weghalen", PlaceDecision.GIVE: "Meegeven met de kopie"}
ALL_WORDS = {
    PlaceDecision.TAKE_AWAY: "Haal alles op deze pagina weg",
    PlaceDecision.GIVE: "Geef alles op deze pagina mee",
}
FATE_WORDS = {
    Fate.STAYS: erasing.ACCOUNT_OF_OTHER,
    Fate.WORDS: "Haalt u dit weg? Dan staat op de plek van de gemarkeerde woorden [weggehaald]. De rest blijft.",
    Fate.FILE: "Haalt u dit weg? Dan gaat het hele bestand weg.",
    Fate.ACCOUNT: "Haalt u dit weg? Dan gaat het hele account leeg. Dat kan alleen als het uit staat.",
    Fate.ROW: "Dit is van de vrager zelf. Haalt u dit weg? Dan gaat alles hiervan weg, en niet alleen deze woorden.",
    Fate.COLUMNS: "Dit is van de vrager zelf. Haalt u dit weg? Dan gaan alle gegevens van de vrager hier weg.",
}
REGISTER_HEADS = (
    "Soort gegevens",
    "Van wie",
    "Doel",
    "Grond",
    "Termijn",
    "Wie het ziet",
    "Wie het krijgt",
    "Verwerkingsverantwoordelijke",
    "Functionaris voor gegevensbescherming",
    "Kolommen",
)


@bp.route("/loket/privacy")
@requires(Permission.READ_PRIVACY)
def privacy_list() -> ResponseReturnValue:
    """The requests, with those that are due first on top."""
    asked = ListFilters.of_request()
    is_over = request.args.get("lijst") == "klaar"
    kind = asked.choice("soort", members(RequestKind, lambda each: str(KIND_WORDS[each])))
    rows = queries.list_requests(db.session, is_open=not is_over, kind=kind, after=asked.place("na"))
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    asked.rest |= {"lijst": "klaar"} if is_over else {}
    return render_template(
        "desk/privacy_list.html",
        rows=shown,
        is_over=is_over,
        kind=kind,
        kind_options=[(each.value, words) for each, words in KIND_WORDS.items()],
        kind_words=KIND_WORDS,
        status_words=STATUS_WORDS,
        channel_words=CHANNEL_WORDS,
        today=today_in_nl(),
        may_manage=current_actor().can(Permission.MANAGE_PRIVACY),
        chips=asked.chips(),
        tabs_shown=[
            ("Open", url_for("desk.privacy_list"), not is_over),
            ("Klaar", url_for("desk.privacy_list", lijst="klaar"), is_over),
        ],
        first_href=asked.address() if asked.place("na") else None,
        next_href=asked.address(na=shown[-1].id) if more else None,
    )


@bp.route("/loket/privacy/register.csv")
@requires(Permission.READ_PRIVACY, Permission.READ_CASES)
def register_csv() -> ResponseReturnValue:
    """The register of processing (AVG art. 30) as a table."""
    rows = [list(row.values()) for row in _register_rows()]
    cells = [[*row[:-1], ", ".join(row[-1])] for row in rows]
    return csv_download(REGISTER_HEADS, lambda _session: cells, "verwerkingsregister.csv")


@bp.route("/loket/privacy/register.jsonl")
@requires(Permission.READ_PRIVACY, Permission.READ_CASES)
def register_json() -> ResponseReturnValue:
    """The same, one object on each line."""
    rows = list(_register_rows())
    return json_lines(lambda _session: rows, "verwerkingsregister.jsonl")


def _register_rows() -> list[dict[str, Any]]:
    config = current_app.config["KNELPUNT"]
    return [
        {
            "soort": str(each.entry.title),
            "vanWie": str(each.entry.whose),
            "doel": str(each.entry.purpose),
            "grond": str(each.entry.basis),
            "termijn": str(each.entry.term),
            "gezienDoor": str(each.entry.seen_by),
            "ontvangenDoor": str(each.entry.received_by),
            "verantwoordelijke": config.controller or "",
            "functionaris": config.data_officer or "",
            "kolommen": list(each.columns),
        }
        for each in register()
    ]


@bp.route("/loket/privacy/<id:privacy_id>")
@asks_factor
@requires(Permission.MANAGE_PRIVACY)
def privacy_request(privacy_id: int) -> ResponseReturnValue:
    """One request: who asks, how it stands, and what can be done."""
    row = _looked_at(_request(privacy_id))
    counts = queries.counts_of(db.session, privacy_id)
    return render_template(
        "desk/privacy_request.html",
        row=row,
        told=told(row),
        reference=queries.reference_of(db.session, row.case_id),
        account=queries.account_shown(db.session, row),
        counts=counts,
        found=sum(counts.values()),
        undecided=counts.get(PlaceDecision.UNDECIDED, 0),
        recipients=queries.recipients(db.session, privacy_id),
        receipt_words=RECEIPT_WORDS,
        is_under_way=queries.is_under_way(db.session, row),
        is_open=row.status in OPEN_REQUESTS,
        is_checked=row.status is RequestStatus.CHECKED,
        is_erasure=row.kind is RequestKind.ERASURE,
        is_late=row.decided_at is None and row.due_on < today_in_nl(),
        kind_words=KIND_WORDS,
        status_words=STATUS_WORDS,
        channel_words=CHANNEL_WORDS,
        names=small_tables(db.session).staff_names,
    )


@form_page(bp, "/loket/privacy/nieuw", Permission.MANAGE_PRIVACY)
class WriteDownPrivacyRequest(FormPage[WriteDownForm, None]):
    """Write down what came by letter, telephone or mail."""

    form_class = WriteDownForm
    template = "desk/privacy_form.html"
    title = "Verzoek opschrijven"
    button = "Leg het verzoek vast"
    done = "Het verzoek is vastgelegd."
    lead = "Iemand vraagt per brief, telefoon of mail om de eigen gegevens, of om ze te wissen."
    back = "/loket/privacy"

    def act(self) -> None:
        form = self.form
        kind, channel = form.chosen
        made = requests.write_down(
            self.context,
            kind,
            channel,
            form.details,
            form.words.data or "",
            filled_in(form.received_on.data),
            (form.reference.data or "").strip().upper(),
        )
        self.back = url_for("desk.privacy_request", privacy_id=made.id)

    def prefill(self) -> None:
        self.form.received_on.data = today_in_nl()

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"row": None}


class RequestPage(FormPage[FormT, PrivacyRequest]):
    """A page with one form about a request, which shows who asks."""

    asks_factor = True
    template = "desk/privacy_form.html"
    privacy_id: int

    def read(self) -> PrivacyRequest:
        return _looked_at(_request(self.privacy_id))

    @property
    def back(self) -> str:
        return url_for("desk.privacy_request", privacy_id=self.privacy_id)

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"row": self.subject, "status_words": STATUS_WORDS}


@form_page(bp, "/loket/privacy/<id:privacy_id>/identiteit", Permission.MANAGE_PRIVACY)
class CheckPrivacyIdentity(RequestPage[IdentityForm]):
    """Make sure who asks, and what to look for."""

    form_class = IdentityForm
    title = "Nagaan wie dit vraagt"
    lead = "Zoek alleen naar iemand van wie u weet dat die het zelf vraagt."
    button = "Leg vast"
    done = "Vastgelegd. U kunt nu zoeken."

    def act(self) -> None:
        form = self.form
        requests.check_identity(
            self.context, self.privacy_id, form.version.data, form.identity_how.data or "", form.details
        )

    def prefill(self) -> None:
        row, form = self.subject, self.form
        form.name.data, form.email.data, form.phone.data = row.name, row.email, row.phone
        form.postal_address.data, form.spellings.data = row.postal_address, "\n".join(row.spellings)
        form.identity_how.data = row.identity_how


@form_page(bp, "/loket/privacy/<id:privacy_id>/zoeken", Permission.MANAGE_PRIVACY)
class SearchPrivacy(RequestPage[VersionedForm]):
    """Look for the person in every text and file."""

    form_class = VersionedForm
    title = "Zoeken in alle teksten"
    lead = (
        "Wij zoeken de naam, het adres, het e-mailadres en het telefoonnummer in alle teksten. Bestanden zoeken wij "
        "bij de zaken waarin de persoon voorkomt. Een foto of PDF bekijkt u zelf."
    )
    button = "Zoek"

    def act(self) -> str:
        count = requests.search(self.context, current_app.config["FILE_STORE"], self.privacy_id, self.form.version.data)
        return "Er is niets gevonden." if not count else f"Gevonden: {count} {'plek' if count == 1 else 'plekken'}."

    done = ""


@form_page(bp, "/loket/privacy/<id:privacy_id>/verlengen", Permission.MANAGE_PRIVACY)
class ExtendPrivacyTerm(RequestPage[ReasonForm]):
    """Two months more, with a reason that the person reads."""

    form_class = ReasonForm
    title = "Termijn verlengen"
    lead = "De wet geeft een maand. Is het verzoek ingewikkeld? Dan mogen er één keer twee maanden bij."
    button = "Verleng met twee maanden"
    done = ""

    def act(self) -> str:
        is_mailed = requests.extend(self.context, self.privacy_id, self.form.version.data, self.form.reason.data or "")
        if is_mailed:
            return "De termijn is verlengd. De vrager krijgt een mail."
        return "De termijn is verlengd. Stuur de vrager nu de brief: hij staat bij dit verzoek."


@form_page(bp, "/loket/privacy/<id:privacy_id>/afwijzen", Permission.MANAGE_PRIVACY)
class RefusePrivacyRequest(RequestPage[AnswerForm]):
    """Turn a request down."""

    form_class = AnswerForm
    title = "Verzoek afwijzen"
    lead = "Dat kan als u niet kunt nagaan wie dit vraagt, of als iemand steeds hetzelfde vraagt."
    button = "Wijs het verzoek af"
    done = "Het verzoek is afgewezen."

    def act(self) -> None:
        requests.refuse(self.context, self.privacy_id, self.form.version.data, self.form.answer.data or "")


@form_page(bp, "/loket/privacy/<id:privacy_id>/afhandelen", Permission.MANAGE_PRIVACY)
class FinishPrivacyRequest(RequestPage[FinishForm]):
    """Carry out what was decided, and answer."""

    form_class = FinishForm
    title = "Verzoek afhandelen"
    button = "Voer het uit en antwoord"
    done = "Het verzoek is afgehandeld."

    @property
    def lead(self) -> str:
        if self.subject.kind is RequestKind.ACCESS:
            return "De vrager krijgt dit antwoord. Stuur daarna zelf de kopie: pas dan bent u klaar."
        return "Wat u koos om weg te halen, gaat nu weg. Een openbare tekst waarin iets weg moet, trekken wij in."

    def shown(self) -> dict[str, Any]:
        if self.subject.kind is RequestKind.ACCESS:
            self.form.looked.label.text = LOOKED_FOR_COPY
        return super().shown()

    def act(self) -> None:
        requests.carry_out(
            self.context,
            current_app.config["FILE_STORE"],
            self.privacy_id,
            self.form.version.data,
            self.form.answer.data or "",
        )


@form_page(bp, "/loket/privacy/<id:privacy_id>/verstuurd", Permission.MANAGE_PRIVACY)
class PrivacyAnswerSent(RequestPage[VersionedForm]):
    """What the person had to get went out: a letter, or a copy."""

    form_class = VersionedForm
    done = ""

    @property
    def title(self) -> str:  # type: ignore[override]
        return "De kopie is verstuurd" if self.subject.owes_copy else "De brief is verstuurd"

    @property
    def button(self) -> str:  # type: ignore[override]
        return "De kopie is weg" if self.subject.owes_copy else "De brief is weg"

    @property
    def lead(self) -> str | None:
        if self.subject.decided_at is None:
            return "De vrager weet dan waarom het langer duurt."
        return "Hierna bewaren wij naam en adres van de vrager niet meer."

    def act(self) -> str:
        row = requests.opened(self.context, self.privacy_id, self.form.version.data)
        answers.mark_sent(self.context, row)
        return "Vastgelegd." if row.decided_at is None else "Naam en adres van de vrager zijn gewist."


@bp.route("/loket/privacy/<id:privacy_id>/plekken", methods=["GET", "POST"])
@asks_factor
@requires(Permission.MANAGE_PRIVACY)
@commits
def privacy_places(privacy_id: int) -> ResponseReturnValue:
    """The places in which the person was found; a person decides about each."""
    row = _request(privacy_id)
    if row.status is not RequestStatus.CHECKED:
        raise NotFound()
    _looked_at(row)
    asked = ListFilters.of_request()
    words = DECISION_WORDS[row.kind]
    decision = asked.choice("stand", {each.value: (each, text) for each, text in words.items()})
    rows = queries.places_of(db.session, privacy_id, decision, after=asked.place("na"))
    shown, more = rows[: queries.PLACES_PAGE_SIZE], len(rows) > queries.PLACES_PAGE_SIZE
    form = VersionedForm()
    if form.validate_on_submit():
        with errors_on(form):
            requests.decide_places(
                current_context(),
                privacy_id,
                form.version.data,
                [chosen for each in shown if (chosen := _chosen(row.kind, each))],
            )
            flash("Uw keuze is bewaard.")
            return redirect(asked.address(na=shown[-1].place.id) if more else _back(privacy_id), 303)
        row = _request(privacy_id)
    if form.conflict or not form.is_submitted():
        form.version.data = row.version
    return render_template(
        "desk/privacy_places.html",
        row=row,
        form=form,
        rows=shown,
        what_of=erasing.what_of,
        fixed_ground=erasing.fixed_ground,
        is_erasure=row.kind is RequestKind.ERASURE,
        fate=erasing.fate,
        stays=erasing.stays,
        take_away=PlaceDecision.TAKE_AWAY.value,
        fate_words=FATE_WORDS,
        stays_words=STAYS_WORDS,
        what_to_do=[
            (LATER, words[PlaceDecision.UNDECIDED]),
            (CHOICES[row.kind].value, DO_WORDS[CHOICES[row.kind]]),
            *((ground.value, STAYS_WORDS[ground]) for ground in CHOSEN_GROUNDS[row.kind]),
        ],
        all_words=ALL_WORDS[CHOICES[row.kind]],
        chosen=_standing,
        content=CONTENT,
        decision=decision,
        decision_options=[(each.value, text) for each, text in words.items()],
        chips=asked.chips(),
        first_href=asked.address() if asked.place("na") else None,
        next_href=asked.address(na=shown[-1].place.id) if more else None,
    ), form_status(form)


def _chosen(kind: RequestKind, each: queries.FoundPlace) -> tuple[int, PlaceDecision, Ground | None] | None:
    """What was chosen for a place on the page; with the button for all, what is undecided goes, or goes along."""
    given, choice = request.form.get(f"plek-{each.place.id}", ""), CHOICES[kind].value
    is_stuck = kind is RequestKind.ERASURE and erasing.stays(each.place)
    if "alles" in request.form and given in ("", LATER) and not is_stuck:
        given = choice
    if given in (choice, LATER):
        return each.place.id, PlaceDecision(given), None
    grounds = {ground.value: ground for ground in CHOSEN_GROUNDS[kind]}
    return (each.place.id, PlaceDecision.LET_STAND, grounds[given]) if given in grounds else None


def _standing(each: queries.FoundPlace) -> str:
    given = request.form.get(f"plek-{each.place.id}")
    return given or (each.place.ground.value if each.place.ground else each.place.decision.value)


@bp.route("/loket/privacy/<id:privacy_id>/gegevens", methods=["POST"])
@requires(Permission.MANAGE_PRIVACY)
@commits
def privacy_export(privacy_id: int) -> ResponseReturnValue:
    """The data of the person as a file, for that person. That it was made is kept."""
    row = requests.note_export(current_context(), privacy_id)
    cases, account_id, address = sorted(own_cases(db.session, row)), row.account_id, row.email

    def parts(session: Any) -> Any:
        for case_id in cases:
            yield from export.of_case(session, case_id)
        if account_id is not None:
            yield from export.of_account(session, account_id)
        if address is not None:
            yield from export.of_signer(session, address)
        yield from queries.mentions(session, privacy_id)

    return download(parts, request.form.get("vorm", JSON_FORM))


@bp.route("/loket/privacy/<id:privacy_id>/antwoord.pdf")
@requires(Permission.READ_PRIVACY)
def privacy_answer(privacy_id: int) -> ResponseReturnValue:
    """The answer as a letter: no names, so that whoever checks us may read it."""
    return answer_pdf(_request(privacy_id))


def _request(privacy_id: int) -> PrivacyRequest:
    row = queries.one(db.session, privacy_id)
    if row is None:
        raise NotFound()
    return row


def _looked_at(row: PrivacyRequest) -> PrivacyRequest:
    """Record for the auditor that somebody sees who asks, as with the contact data of a case."""
    is_known = row.name or row.spellings or row.email or row.phone or row.postal_address or row.words
    if request.method == "GET" and is_known:
        events.record(current_context(), PrivacyEvent.OPENED, subject=subject_of(row.id))
        db.session.commit()
    return row


def _back(privacy_id: int) -> str:
    return url_for("desk.privacy_request", privacy_id=privacy_id)
