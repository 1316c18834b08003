"""Addresses of the administration: overview, organisations, outgoing mail and the audit trail."""

from datetime import timedelta

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.incoming import why_not_delivered
from knelpunt.domain.vocabulary import ActorKind, OrganisationKind
from knelpunt.extensions import db
from knelpunt.queries.accounts import accounts, audit, mergers, organisations, outgoing
from knelpunt.queries.accounts.accounts import AccountFilter, AccountState
from knelpunt.queries.accounts.audit import AuditFilter, AuditRow, Insight
from knelpunt.queries.accounts.organisations import OrganisationFilter
from knelpunt.queries.accounts.outgoing import MailFilter, MailState
from knelpunt.queries.archive import lists as archive_lists
from knelpunt.queries.laws import edits as catalogue_edits
from knelpunt.queries.laws import term_rules
from knelpunt.services.accounts.organisations import add_organisation
from knelpunt.services.core import events
from knelpunt.services.mail import delivery, failures
from knelpunt.web.admin import routes_accounts, routes_catalogue, routes_incoming
from knelpunt.web.admin.address_book import routes as routes_address_book
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.admin.clients import routes as routes_clients
from knelpunt.web.admin.clients import routes_zgw
from knelpunt.web.admin.definitions import routes as routes_definitions
from knelpunt.web.admin.event_words import data_words, event_words, subject_words
from knelpunt.web.admin.forms import OrganisationForm
from knelpunt.web.admin.identity import routes as routes_identity
from knelpunt.web.admin.identity import routes_rules
from knelpunt.web.admin.law_texts import routes as routes_law_texts
from knelpunt.web.admin.letters import routes as routes_letters
from knelpunt.web.admin.mergers import routes as routes_mergers
from knelpunt.web.admin.state import routes as routes_state
from knelpunt.web.admin.terms import routes as routes_terms
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.labels.labels import ACTOR_KIND, ORGANISATION_KIND, label
from knelpunt.web.shared.pages.csv_files import csv_download, note_download
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

__all__ = [
    "bp",
    "routes_accounts",
    "routes_address_book",
    "routes_catalogue",
    "routes_clients",
    "routes_definitions",
    "routes_identity",
    "routes_incoming",
    "routes_law_texts",
    "routes_letters",
    "routes_mergers",
    "routes_rules",
    "routes_state",
    "routes_terms",
    "routes_zgw",
]

INSIGHT_WORDS = {
    Insight.CONTACT: "Contactgegevens ingezien",
    Insight.LOG_IN: "Inloggen en uitloggen",
    Insight.DOWNLOAD: "Lijsten en gegevens gedownload",
}
AUDIT_HEADS = (
    "nummer",
    "moment",
    "telt_voor",
    "soort",
    "wat",
    "zaak",
    "onderwerp",
    "soort_afzender",
    "account",
    "naam",
    "stand",
    "gegevens",
    "controlegetal",
)
MAIL_STATE_WORDS = {
    MailState.WAITING: "Wacht",
    MailState.SENT: "Verstuurd",
    MailState.GIVEN_UP: "Mislukt",
    MailState.MISSED: "Gemist door loket of ministerie",
}


@bp.route("/beheer")
@requires(Permission.MANAGE_ACCOUNTS, Permission.READ_OUTBOX, Permission.READ_AUDIT)
def overview() -> ResponseReturnValue:
    actor = current_actor()
    figures = {}
    if actor.can(Permission.MANAGE_ACCOUNTS):
        figures["accounts"] = accounts.count_accounts(db.session, AccountFilter(state=AccountState.ACTIVE))
        figures["organisations"] = organisations.count_organisations(db.session, OrganisationFilter())
        figures["mergers"] = mergers.count_waiting(db.session)
    if actor.can(Permission.EDIT_CATALOGUE):
        figures["edits"] = catalogue_edits.count_waiting(db.session)
    if actor.can(Permission.READ_ARCHIVE):
        figures["archive"] = archive_lists.count_to_confirm(db.session)
    if actor.can(Permission.EDIT_TERMS):
        figures["term_changes"] = term_rules.count_waiting(db.session)
    mails = outgoing.counts(db.session) if actor.can(Permission.READ_OUTBOX) else {}
    return render_template(
        "admin/overview.html",
        figures=figures,
        waiting=mails.get(MailState.WAITING, 0),
        failed=mails.get(MailState.GIVEN_UP, 0),
        missed=mails.get(MailState.MISSED, 0),
        may_manage=actor.can(Permission.MANAGE_ACCOUNTS),
        may_edit_catalogue=actor.can(Permission.EDIT_CATALOGUE),
        may_edit_terms=actor.can(Permission.EDIT_TERMS),
        may_keep_address_book=actor.can(Permission.MANAGE_ADDRESS_BOOK),
        may_keep_agreements=current_actor().can(Permission.KEEP_AGREEMENTS),
        may_manage_checklists=actor.can(Permission.MANAGE_CHECKLISTS),
        may_read_mail=actor.can(Permission.READ_OUTBOX),
        may_edit_letters=actor.can(Permission.EDIT_LETTERS),
        reads_mail=current_app.config["LINKS"].mailbox is not None,
        may_audit=actor.can(Permission.READ_AUDIT),
        may_see_archive=actor.can(Permission.READ_ARCHIVE),
    )


@bp.route("/beheer/organisaties")
@requires(Permission.MANAGE_ACCOUNTS)
def organisations_list() -> ResponseReturnValue:
    asked = ListFilters.of_request()
    wanted = OrganisationFilter(
        text=asked.text("zoek", lambda text: f"Zoekt: {text}"),
        kind=asked.choice("soort", members(OrganisationKind, ORGANISATION_KIND.__getitem__)),
    )
    rows = organisations.list_organisations(db.session, wanted, after=asked.place("na"))
    shown, more = rows[: organisations.PAGE_SIZE], len(rows) > organisations.PAGE_SIZE
    return render_template(
        "admin/organisations.html",
        rows=shown,
        total=organisations.count_organisations(db.session, wanted),
        count_limit=organisations.COUNT_LIMIT,
        wanted=wanted,
        kind_options=[(kind.value, words) for kind, words in ORGANISATION_KIND.items()],
        chips=asked.chips(),
        first_href=asked.address() if asked.place("na") else None,
        next_href=asked.address(na=shown[-1].id) if more else None,
    )


@bp.route("/beheer/organisaties/toevoegen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@commits
def organisations_add() -> ResponseReturnValue:
    form = OrganisationForm()
    if form.validate_on_submit():
        with errors_on(form):
            organisation = add_organisation(
                current_context(), kind=form.kind.data, name=form.name.data or "", abbreviation=form.abbreviation.data
            )
            flash("De organisatie is toegevoegd. U kunt nu iemand uitnodigen.")
            return redirect(url_for("admin.accounts_invite", organisatie=organisation.id))
    return render_template("admin/organisation_add.html", form=form), form_status(form)


@bp.route("/beheer/uitgaande-post")
@requires(Permission.READ_OUTBOX)
def outbox() -> ResponseReturnValue:
    asked, state_words = ListFilters.of_request(), _mail_state_words()
    wanted = MailFilter(
        state=asked.choice("stand", members(MailState, state_words.__getitem__)),
        kind=asked.choice("soort", members(MailKind, lambda kind: kind.label)) or "",
        reference=asked.text("zaak", lambda text: f"Zaak {text}"),
    )
    rows = outgoing.list_mails(db.session, wanted, before=asked.place("voor"))
    shown, more = rows[: outgoing.PAGE_SIZE], len(rows) > outgoing.PAGE_SIZE
    return render_template(
        "admin/outbox.html",
        rows=shown,
        contents=outgoing.subjects(db.session, [row.id for row in shown]) if _shows_mail() and shown else {},
        is_demo=_shows_mail(),
        wanted=wanted,
        state_words=state_words,
        state_options=[(state.value, words) for state, words in state_words.items()],
        kind_options=[(kind.value, kind.label) for kind in MailKind],
        kind_words={kind.value: kind.label for kind in MailKind},
        chips=asked.chips(),
        first_href=asked.address() if asked.place("voor") else None,
        next_href=asked.address(voor=shown[-1].id) if more else None,
    )


@bp.route("/beheer/uitgaande-post/<id:mail_id>")
@requires(Permission.READ_OUTBOX)
def outbox_mail(mail_id: int) -> ResponseReturnValue:
    mail = outgoing.one_mail(db.session, mail_id)
    if mail is None:
        abort(404)
    return render_template(
        "admin/outbox_mail.html",
        mail=mail,
        why=why_not_delivered(None, mail.last_error),
        content=outgoing.content(db.session, mail_id) if _shows_mail() else None,
        is_demo=_shows_mail(),
        form=BaseForm(),
        base_url=current_app.config["LINKS"].base_url,
        state_words=_mail_state_words(),
        kind_words={kind.value: kind.label for kind in MailKind},
    )


@bp.route("/beheer/uitgaande-post/<id:mail_id>/opnieuw", methods=["POST"])
@requires(Permission.READ_OUTBOX)
@commits
def outbox_retry(mail_id: int) -> ResponseReturnValue:
    """Let a mail that was given up be tried again."""
    if delivery.retry(current_context(), mail_id):
        flash("De e-mail wordt opnieuw geprobeerd.")
    else:
        flash("Deze e-mail kan niet opnieuw: hij is verstuurd, wacht al, of is gewist.", "warning")
    return redirect(url_for("admin.outbox_mail", mail_id=mail_id))


@bp.route("/beheer/uitgaande-post/<id:mail_id>/geregeld", methods=["POST"])
@requires(Permission.READ_OUTBOX)
@commits
def outbox_settle(mail_id: int) -> ResponseReturnValue:
    """Say that who missed a mail was reached in another way."""
    count = failures.settle_missed(current_context(), mail_id)
    flash("Dit is geregeld." if count == 1 else f"Dit is geregeld, voor {count} e-mails aan hetzelfde adres.")
    return redirect(url_for("admin.outbox", stand=MailState.MISSED))


@bp.route("/beheer/auditspoor")
@requires(Permission.READ_AUDIT)
def audit_trail() -> ResponseReturnValue:
    asked = ListFilters.of_request()
    wanted = _audit_filter(asked)
    rows = audit.list_events(db.session, wanted, before=asked.place("voor"))
    shown, more = rows[: audit.PAGE_SIZE], len(rows) > audit.PAGE_SIZE
    is_wrong = bool(asked.wrong_days or asked.unknown)
    page = render_template(
        "admin/audit.html",
        rows=shown,
        is_wrong=is_wrong,
        wanted=wanted,
        asked=asked,
        event_words=event_words,
        subject_words=subject_words,
        data_words=data_words,
        kind_options=[(kind, event_words(kind)) for kind in audit.kinds(db.session)],
        actor_options=[(kind.value, words) for kind, words in ACTOR_KIND.items()],
        insights=[(each.value, words) for each, words in INSIGHT_WORDS.items()],
        chips=asked.chips(),
        first_href=asked.address() if asked.place("voor") else None,
        next_href=asked.address(voor=shown[-1].number) if more else None,
    )
    return page, asked.status


@bp.route("/beheer/auditspoor.csv")
@requires(Permission.READ_AUDIT)
def audit_csv() -> ResponseReturnValue:
    """Every event that the list under the same address shows; that it was downloaded is one too."""
    asked = ListFilters(request.args, url_for("admin.audit_trail"))
    wanted = _audit_filter(asked)
    note_download("auditspoor", asked.texts)
    return csv_download(
        AUDIT_HEADS,
        lambda session: (_audit_cells(row) for row in audit.stream_events(session, wanted)),
        "auditspoor.csv",
    )


def _audit_cells(row: AuditRow) -> tuple[str | int | None, ...]:
    return (
        row.number,
        row.recorded_at.isoformat(timespec="seconds"),
        row.happened_on.isoformat(),
        row.kind,
        event_words(row.kind),
        row.reference,
        row.subject,
        ACTOR_KIND[row.actor_kind],
        row.actor_id,
        row.actor_name,
        label(row.status) if row.status else None,
        data_words(row.data),
        row.hash,
    )


def _audit_filter(asked: ListFilters) -> AuditFilter:
    reference, kind = asked.text("zaak", lambda text: f"Zaak {text}"), asked.text("soort", event_words)
    first = asked.day("van", lambda day: f"Vanaf {day:%d-%m-%Y}")
    last = asked.day("tot", lambda day: f"Tot en met {day:%d-%m-%Y}")
    return AuditFilter(
        reference=reference,
        kind=kind,
        first_day=first,
        day_after=last + timedelta(days=1) if last else None,
        actor=asked.text("wie", lambda text: f"Account {text}"),
        actor_kind=asked.choice("door", members(ActorKind, ACTOR_KIND.__getitem__)),
        insight=asked.choice("onderwerp", members(Insight, INSIGHT_WORDS.__getitem__)),
    )


@bp.route("/beheer/auditspoor/controle")
@requires(Permission.READ_AUDIT)
def audit_check() -> ResponseReturnValue:
    """Walk the whole chain: an auditor asks for it, because it takes a while on a large one."""
    return render_template("admin/audit_check.html", report=events.verify(db.session))


def _mail_state_words() -> dict[MailState, str]:
    """A demonstration sends nothing: there a mail that left the queue was only shown."""
    return MAIL_STATE_WORDS | ({MailState.SENT: "Getoond"} if _shows_mail() else {})


def _shows_mail() -> bool:
    """Only a demonstration shows what mails say: there the mails go nowhere else. In production they are private."""
    return bool(current_app.config["KNELPUNT"].is_demo)
