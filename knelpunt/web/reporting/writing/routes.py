"""Writing: the text at a glance, a section with its preview, kept versions, proposed sentences, and the bottleneck."""

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.figures.letter import DRAFT
from knelpunt.domain.figures.writing import SECTIONS, Section
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters.findings import Finding as Sentence
from knelpunt.domain.quarters.findings import FindingDecision, Proposed, findings, ranked
from knelpunt.domain.quarters.track import QuarterStatus, QuarterStep
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.quarters import texts
from knelpunt.services.quarters import writing
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.public import forms
from knelpunt.web.reporting.public.texts import in_document
from knelpunt.web.reporting.writing.forms import BottleneckForm, FindingForm, SectionForm, VersionForm
from knelpunt.web.reporting.writing.pages import TextPage, open_written, quarter_named, section_named, show
from knelpunt.web.reporting.writing.written import Written, told_of
from knelpunt.web.shared.forms.form_page import form_page
from knelpunt.web.shared.forms.forms import ButtonForm, choices
from knelpunt.web.shared.pages.compared_lines import compared
from knelpunt.web.shared.pages.filters import clock_time
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

PREVIEW, BY_ITSELF = "voorbeeld", "vanzelf"


@bp.route("/<string:quarter>/tekst", methods=["GET", "POST"])
@requires(Permission.READ_FIGURES)
@commits
def text(quarter: str) -> ResponseReturnValue:
    """Where the text is, with its sections; before it was begun, the button that begins it."""
    written = open_written(quarter, is_begun=False)
    may_write = current_actor().can(Permission.SEAL_QUARTER)
    form = ButtonForm()
    if request.method == "POST" and not may_write:
        raise NotFound()
    if is_sent(form):
        with errors_on(form):
            writing.begin(current_context(), written.quarter)
            flash("De tekst is begonnen. Elk deel heeft een opzet.")
            return redirect(f"/kwartalen/{written.quarter}/tekst", 303)
    open_comments: dict[Section, int] = {}
    for comment in texts.comments_of(db.session, written.quarter):
        open_comments[comment.section] = open_comments.get(comment.section, 0) + comment.is_open
    return show(
        "overview.html",
        written,
        form=form,
        may_write=may_write,
        sections=SECTIONS,
        where=texts.status_in(db.session, written.quarter, today_in_nl()),
        open_comments=open_comments,
        names=reference(db.session).staff_names,
        proposed=len(_proposed(written)) if written.text else 0,
    ), form_status(form)


@bp.get("/<string:quarter>/tekst/document.<string:form>")
@requires(Permission.READ_FIGURES)
def text_as_document(quarter: str, form: str) -> ResponseReturnValue:
    """The whole text with all figures, as a document to sign, or to work on before it goes to the Kamer."""
    written = open_written(quarter)
    status = DRAFT if written.status is QuarterStatus.WRITING else ""
    return forms.of_text(written.edition, in_document(written.sections), form, status)


@bp.route("/<string:quarter>/tekst/deel/<string:section>", methods=["GET", "POST"])
@requires(Permission.SEAL_QUARTER)
@commits
def write_section(quarter: str, section: str) -> ResponseReturnValue:
    """One section: its source, and beside it how it reads. Works without a script by its buttons."""
    key, form = section_named(section), SectionForm()
    action = request.form.get("action")
    if action == BY_ITSELF:
        return _save_by_itself(quarter_named(quarter), key, form)
    written = open_written(quarter)
    is_preview = action == PREVIEW and is_sent(form)
    if is_preview:
        db.session.rollback()  # a look keeps nothing, not even the key of the form
    elif is_sent(form):
        with errors_on(form):
            writing.save(current_context(), written.quarter, key, form.source.data or "", form.basis.data)
            flash("Bewaard.")
            return redirect(f"/kwartalen/{written.quarter}/tekst/deel/{key.value}", 303)
    if request.method == "POST":
        written = open_written(quarter)
    row = written.rows[key]
    if request.method != "POST":
        form.source.data = row.source
    if form.conflict or request.method != "POST":
        form.basis.data = row.version
    source = form.source.data or ""
    return show(
        "section.html",
        written,
        form=form,
        key=key,
        about=SECTIONS[key],
        sections=SECTIONS,
        row=row,
        reads=written.shown(key, source),
        is_preview=is_preview,
        lines=source.splitlines(),
        differences=list(compared(row.source, source)) if form.conflict else [],
        comments=[each for each in texts.comments_of(db.session, written.quarter) if each.section is key],
        names=reference(db.session).staff_names,
    ), form_status(form)


def _save_by_itself(quarter: Quarter, section: Section, form: SectionForm) -> ResponseReturnValue:
    """Keep what is being typed, and say when; never over somebody else's."""
    if not is_sent(form):
        return {"problem": "ongeldig"}, 422
    try:
        row = writing.save(current_context(), quarter, section, form.source.data or "", form.basis.data, by_itself=True)
    except VersionConflict:
        return {"problem": "gewijzigd"}, 409
    except DomainError as error:
        return {"problem": error.message}, error.status
    return {"saved": clock_time(row.changed_at), "basis": row.version}


@bp.route("/<string:quarter>/tekst/deel/<string:section>/versies", methods=["GET", "POST"])
@requires(Permission.SEAL_QUARTER)
@commits
def section_versions(quarter: str, section: str) -> ResponseReturnValue:
    """The kept versions of a section, one beside another; an earlier one can be put back."""
    written, key = open_written(quarter), section_named(section)
    form = VersionForm()
    if is_sent(form):
        with errors_on(form):
            kept = number_in(request.form.get("action", "")) or 0
            writing.put_back(current_context(), written.quarter, key, kept, form.basis.data)
            flash("De eerdere versie staat er weer.")
            return redirect(f"/kwartalen/{written.quarter}/tekst/deel/{key.value}", 303)
        written = open_written(quarter)
    versions = texts.versions_of(db.session, written.quarter, key)
    by_id = {each.id: each for each in versions}
    old = by_id.get(number_in(request.args.get("van", "")) or 0)
    new = by_id.get(number_in(request.args.get("naar", "")) or 0)
    row = written.rows[key]
    form.basis.data = row.version
    return show(
        "versions.html",
        written,
        form=form,
        key=key,
        about=SECTIONS[key],
        versions=versions,
        old=old,
        new=new,
        differences=list(compared(old.source, new.source if new else row.source)) if old else None,
        names=reference(db.session).staff_names,
    ), form_status(form)


def _proposed(written: Written) -> list[Sentence]:
    """The sentences that may be said and about which nothing was decided."""
    decided = written.text.findings if written.text is not None else {}
    allowed = [each for each in findings(told_of(written.report)) if each.key not in decided]
    return [each for each in allowed if written.is_told(Section.ONE_PAGE, each.sentence)]


@bp.route("/<string:quarter>/tekst/bevindingen")
@requires(Permission.SEAL_QUARTER)
def proposed_findings(quarter: str) -> ResponseReturnValue:
    """The sentences that the figures allow, each with its rule."""
    written = open_written(quarter)
    proposed = _proposed(written)
    return show(
        "findings.html",
        written,
        proposed=[(each, written.shown(Section.ONE_PAGE, each.sentence)) for each in proposed],
        decided=[
            (each, FindingDecision(written.text.findings[each.key]))
            for each in findings(told_of(written.report))
            if written.text is not None and each.key in written.text.findings
        ],
    )


@form_page(bp, "/<string:quarter>/tekst/bevindingen/<string:finding_key>", Permission.SEAL_QUARTER)
class DecideFinding(TextPage):
    """Take a proposed sentence, rewrite it, or leave it."""

    form_class = FindingForm
    step = QuarterStep.WRITE
    title = "Een zin die de cijfers toelaten"
    button = "Leg vast"
    finding_key: str

    @property
    def lead(self) -> str:
        return self.sentence.rule

    @property
    def back(self) -> str:
        return f"/kwartalen/{self.of}/tekst/bevindingen"

    @property
    def sentence(self) -> Sentence:
        found = next((each for each in _proposed(self.written) if each.key == self.finding_key), None)
        if found is None:
            raise NotFound()
        return found

    def read(self) -> Sentence:
        return self.sentence

    def prefill(self) -> None:
        self.form.sentence.data = self.subject.sentence
        self.form.section.data = Section.ONE_PAGE.value

    def act(self) -> str:
        decision = FindingDecision(self.form.decision.data)
        sentence = self.form.sentence.data or ""
        if decision is FindingDecision.TAKEN and " ".join(sentence.split()) != self.subject.sentence:
            decision = FindingDecision.REWRITTEN
        writing.decide_finding(
            self.context,
            self.of,
            self.subject.key,
            decision,
            section=section_named(self.form.section.data),
            sentence=sentence,
        )
        if decision is FindingDecision.LEFT:
            return "De zin is gelaten."
        return "De zin staat onder aan het deel dat u koos."


@form_page(bp, "/<string:quarter>/tekst/knelpunt-kiezen", Permission.SEAL_QUARTER)
class ChooseBottleneck(TextPage):
    """The bottleneck of the quarter, from a ranked proposal."""

    form_class = BottleneckForm
    template = "reporting/writing/bottleneck.html"
    step = QuarterStep.CHOOSE
    title = "Kies het knelpunt van het kwartaal"
    button = "Kies dit knelpunt"
    done = "Het knelpunt van het kwartaal is gekozen."

    @property
    def lead(self) -> str:
        return "De volgorde volgt uit gewicht, groei en leeftijd. U kiest zelf, en schrijft op waarom."

    def read(self) -> list[Proposed]:
        return ranked(texts.pressing(db.session, self.written.quarter))

    def offer(self) -> None:
        options = [(each.bottleneck.id, f"{each.bottleneck.title} ({each.points} punten)") for each in self.subject]
        self.form.bottleneck_id.choices = choices([("", "Kies een regelknelpunt"), *options])

    def prefill(self) -> None:
        if self.written.text is not None:
            self.form.bottleneck_id.data = self.written.text.bottleneck_id
            self.form.why.data = self.written.text.bottleneck_why

    def act(self) -> None:
        writing.choose_bottleneck(self.context, self.of, self.form.bottleneck_id.data, self.form.why.data or "")

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "chosen": self.written.text.bottleneck_id if self.written.text else None}
