"""The last page of a filing: everything once more, the choices, and the button that files it; then the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.filing.joint_filing import read_partners
from knelpunt.domain.filing.pointed_rules import day_of_law
from knelpunt.domain.filing.rules import FilingIncomplete
from knelpunt.domain.permissions import VISITOR, Permission
from knelpunt.domain.vocabulary import KNOWN_THEMES, SubmitterKind, Theme
from knelpunt.extensions import db
from knelpunt.queries.cases import attachments
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.filing import co_signatures, drafts
from knelpunt.queries.filing.drafts import Receipt
from knelpunt.services import accounts
from knelpunt.services.filing import intake
from knelpunt.services.submitters import addresses
from knelpunt.web.intake import rule_picker
from knelpunt.web.intake.blueprint import bp
from knelpunt.web.intake.drafts import OpenDraft, filed_here, note_filed, open_here, receipt_here
from knelpunt.web.intake.forms import FilingForm
from knelpunt.web.intake.similar import similar
from knelpunt.web.intake.steps import look_again, parts_of, slug_of, steps_for
from knelpunt.web.shared.forms.forms import BaseForm, ButtonForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.requests.access import act_as, by_link, current_actor, current_visit, now_utc
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _, lazy_gettext, ngettext, said


@bp.route("/melden/<string:key>/controle", methods=["GET", "POST"])
@by_link
@commits
def check(key: str) -> ResponseReturnValue:
    """Everything once more, the choices, and the button that files it."""
    draft = open_here(key)
    if request.method == "POST" and draft.by_organisation:
        draft.context.actor.require(Permission.FILE_CASE)
    form = FilingForm()
    if not draft.by_organisation:
        del form.mandate
    problems: Mapping[str, str] = {}
    if is_sent(form):
        with errors_on(form):
            try:
                intake.file_case(draft.context, key, form.version.data or 0, form.texts(), current_visit())
                _remember_filing(draft)
                return redirect(url_for("intake.receipt", key=key))
            except FilingIncomplete as incomplete:
                problems = incomplete.problems
            except NotFound:
                # A second click that waited for the first one: the draft is a case by now.
                if intake.filed_case(draft.context, key) is None:
                    raise
                _remember_filing(draft)
                return redirect(url_for("intake.receipt", key=key), 303)
    elif request.method == "GET":
        form.fill(draft.row.data)
        form.version.data = draft.row.version
    return _check_page(open_here(key) if form.conflict else draft, form, problems)


def _brief(data: Mapping[str, str], by_whom: str | None, files: int, names: Reference) -> list[tuple[str, str]]:
    """What somebody looks for first on this page: what is filed, where, and how the answer comes."""
    reached = by_whom or next(
        (data[name] for name in ("contact_email", "contact_phone", "contact_address") if data.get(name)), ""
    )
    return [
        (_("Wat u meldt"), data.get("title", "")),
        (_("Waar"), _place(data.get("municipality_id", ""), names)),
        (_("Wie het antwoord krijgt"), reached),
        (_("Bestanden"), str(files) if files else _("Geen")),
    ]


def _remember_filing(draft: OpenDraft) -> None:
    """The desk mends an address at the case, in its own name; only a submitter does so from the receipt."""
    if not draft.is_at_desk:
        note_filed(draft.row.key)


def _check_page(draft: OpenDraft, form: FilingForm, problems: Mapping[str, str]) -> tuple[str, int]:
    """What was filled in, page by page, with what is missing on top."""
    if form.conflict:
        form.version.data = draft.row.version
    elsewhere = []
    for name, message in problems.items():
        if name in form:
            form[name].errors = [said(message)]
        else:
            slug = slug_of(name, by_organisation=draft.by_organisation)
            elsewhere.append((said(message), f"{look_again(draft.row.key, slug)}#{name}"))
    may_file = not draft.by_organisation or draft.context.actor.can(Permission.FILE_CASE)
    organisation_id = draft.row.organisation_id
    files = attachments.of_draft(db.session, draft.row.id)
    names = reference(db.session)
    by_whom = names.organisation_names[organisation_id] if organisation_id else None
    return render_template(
        "intake/check.html",
        form=form,
        draft=draft.row,
        parts=parts_of(draft.row.data, by_organisation=draft.by_organisation),
        elsewhere=elsewhere,
        brief=_brief(draft.row.data, by_whom, len(files), names),
        signing=co_signatures.of_draft(db.session, draft.row.id),
        me=draft.context.actor.account_id,
        partners=[
            names.municipality_names[each.municipality_id] for each in read_partners(draft.row.data.get("partners", ""))
        ],
        button_form=ButtonForm(formdata=None),
        files=files,
        rules=rule_picker.chosen_in(draft.row, draft.context.today),
        law_day=day_of_law(draft.row.data, draft.context.today),
        meter=completeness_of(draft.row.data, by_organisation=draft.by_organisation),
        preview=preview_of(draft.row.data, draft.row.kind, by_whom, len(files), names),
        may_file=may_file,
        similar=similar(draft.row.data, names),
        at_desk=draft.is_at_desk,
        filers=[] if may_file or organisation_id is None else drafts.names_of_filers(db.session, organisation_id),
        back=steps_for(by_organisation=draft.by_organisation)[-1].slug,
    ), 422 if elsewhere else form_status(form)


@bp.route("/melden/<string:key>/ontvangen")
@by_link
def receipt(key: str) -> ResponseReturnValue:
    """The number of the case, and what happens now."""
    found = receipt_here(key)
    return render_template(
        "intake/receipt.html",
        receipt=found,
        partners=[(name, label(status).lower()) for name, status in found.partners],
        may_post=current_actor().can(Permission.HANDLE_CASE),
        mend_href=url_for("intake.mend_address", key=key) if _may_mend(key, found) else None,
        mend_until=found.filed_at + addresses.MEND_TERM,
    )


@bp.route("/melden/<string:key>/ontvangen/adres", methods=["GET", "POST"])
@by_link
@commits
def mend_address(key: str) -> ResponseReturnValue:
    """Mend a mistyped address, in the browser that filed: the confirmation did not come, so there is no link yet."""
    found = receipt_here(key)
    if found.organisation_id is not None:
        raise NotFound()
    context = act_as(VISITOR)
    form = AddressForm()
    if is_sent(form):
        with errors_on(form):
            if not _may_mend(key, found):
                raise DomainError(addresses.TOO_LATE)
            ticket = accounts.count_link(db.session, form.email.data or "", request.remote_addr or "", context.now)
            addresses.mend(context, key, form.email.data or "", ticket)
            flash(_("Het adres is verbeterd. Wij stuurden u de mail opnieuw."))
            return redirect(url_for("intake.receipt", key=key), 303)
    may_mend = _may_mend(key, found)
    if request.method == "GET" and may_mend:
        form.email.data = addresses.typed_address(context, key)
    page = render_template(
        "intake/mend_address.html",
        receipt=found,
        form=form,
        may_mend=may_mend,
        mend_until=found.filed_at + addresses.MEND_TERM,
        too_late=addresses.TOO_LATE,
        back=url_for("intake.receipt", key=key),
    )
    return page, form_status(form)


def _may_mend(key: str, found: Receipt) -> bool:
    return (
        found.organisation_id is None
        and found.has_contact
        and filed_here(key)
        and addresses.may_mend(found.filed_at, now_utc(), is_link_used=found.is_link_used)
    )


WHY = {
    "goal": lazy_gettext("Dan zoeken wij ook naar een andere weg naar uw doel."),
    "theme": lazy_gettext("Dan vinden wij sneller meldingen die op de uwe lijken."),
    "place": lazy_gettext("Dan kijken wij naar de regels die daar gelden."),
    "rule_words": lazy_gettext("Dan hoeven wij minder te zoeken."),
    "refused_on": lazy_gettext("Dan kijken wij naar de regels van die dag."),
    "tried": lazy_gettext("Dan stellen wij niet voor wat u al probeerde."),
    "involved": lazy_gettext("Dan weten wij wie meer kan vertellen."),
    "wanted": lazy_gettext("Dan weten wij wanneer u geholpen bent."),
}
"""Each advised question with what its answer is good for."""
ALSO_ANSWERED_BY = {"rule_words": ("rules", "rule_unknown")}
"""Questions that may be answered in another way as well."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One advised question without an answer, and the page on which it stands."""

    words: str
    why: str
    slug: str
    field: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many advised questions are answered, of how many, and those that are not."""

    answered: int
    total: int
    open_questions: tuple[OpenQuestion, ...]


def completeness_of(data: Mapping[str, str], *, by_organisation: bool) -> Completeness:
    """Count the advised questions of a draft. What must be filled in is not counted: without it nothing is filed."""
    asked = [
        OpenQuestion(field.label.text, WHY[field.name], step.slug, field.name)
        for step in steps_for(by_organisation=by_organisation)
        for field in step.form(formdata=None)
        if field.name in WHY
    ]
    still_open = tuple(question for question in asked if not _is_answered(data, question.field))
    return Completeness(len(asked) - len(still_open), len(asked), still_open)


def _is_answered(data: Mapping[str, str], field: str) -> bool:
    return any(data.get(name, "").strip() for name in (field, *ALSO_ANSWERED_BY.get(field, ())))


NEVER = lazy_gettext("Nooit openbaar.")
OWN_WORDS = lazy_gettext("Niet uw tekst. Het loket schrijft zelf, zonder namen.")


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One thing: what was filled in, and what others would read of it."""

    what: str
    filed: str
    public: str


def preview_of(
    data: Mapping[str, str], kind: SubmitterKind, organisation_name: str | None, file_count: int, names: Reference
) -> list[PreviewLine]:
    """The lines in the order of the public page; ``data`` is a draft with the number of its municipality."""
    theme = label(Theme(data["theme"])) if data.get("theme") in KNOWN_THEMES else ""
    place = _place(data.get("municipality_id", ""), names)
    contact = [data.get(name, "") for name in ("contact_name", "contact_email", "contact_address", "contact_phone")]
    lines = [
        PreviewLine(_("Titel"), data.get("title", ""), OWN_WORDS),
        PreviewLine(_("Uw verhaal"), _beginning(data.get("description", "")), OWN_WORDS),
        PreviewLine(_("Onderwerp"), theme, theme or label(Theme.UNKNOWN)),
        PreviewLine(_("Gemeente"), place, place),
        PreviewLine(_("Wie het meldt"), organisation_name or label(kind), label(kind)),
        PreviewLine(_("Wanneer"), _("De dag waarop u dit verstuurt"), _("Die dag, en de dag van ons antwoord")),
    ]
    if organisation_name is None:
        words = ", ".join(" ".join(text.split()) for text in contact if text)
        lines.append(PreviewLine(_("Naam en contact"), words, NEVER))
    lines.append(PreviewLine(_("Bestanden"), _files(file_count), NEVER))
    return lines


def _place(municipality_id: str, names: Reference) -> str:
    for found in names.municipalities.values():
        if str(found.id) == municipality_id:
            return _(
                "%(municipality)s, provincie %(province)s",
                municipality=names.municipality_names[found.id],
                province=names.province_names[found.province_id],
            )
    return ""


def _files(count: int) -> str:
    return ngettext("%(num)s bestand", "%(num)s bestanden", count) if count else _("Geen")


def _beginning(text: str, most: int = 120) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"


class AddressForm(BaseForm):
    """The address for the mails, mended after filing."""

    email = EmailField(
        lazy_gettext("Uw e-mailadres"),
        validators=[InputRequired(lazy_gettext("Vul uw e-mailadres in.")), Length(max=EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )
