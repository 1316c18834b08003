"""The lists of the archive: what is on them, who confirmed them, and what went."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Response, abort, current_app, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from knelpunt.adapters.typesetting import certificate_pdf
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import DisposalStatus, Disposition, HoldGround, ListedStatus
from knelpunt.extensions import db
from knelpunt.queries.archive import lists as queries
from knelpunt.queries.archive.lists import CaseFilter, ListFilter, ListRow
from knelpunt.queries.core.reference import reference
from knelpunt.services.archive import lists, packages
from knelpunt.web.archive import routes_categories
from knelpunt.web.archive.blueprint import bp
from knelpunt.web.archive.certificate import HASHES, Certificate, certificate, pdf_data
from knelpunt.web.archive.forms import LookedForm, ReceiptForm
from knelpunt.web.shared.forms.form_page import FormPage, FormT, filled_in, form_page
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.forms.hold_form import HoldForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl

__all__ = ["bp", "routes_categories"]

COMING = timedelta(days=365)


@bp.route("/archief")
@requires(Permission.READ_ARCHIVE)
def overview() -> ResponseReturnValue:
    asked = ListFilters.of_request()
    wanted = ListFilter(
        status=asked.choice("stand", members(DisposalStatus)), disposition=asked.choice("soort", members(Disposition))
    )
    rows = queries.list_lists(db.session, wanted, before=asked.place("voor"))
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    return render_template(
        "archive/overview.html",
        rows=shown,
        to_confirm=queries.count_to_confirm(db.session),
        coming=queries.coming_until(db.session, today_in_nl() + COMING),
        wanted=wanted,
        status_options=[(each.value, label(each)) for each in DisposalStatus],
        disposition_options=[(each.value, label(each)) for each in Disposition],
        chips=asked.chips(),
        first_href=asked.address() if asked.place("voor") else None,
        next_href=asked.address(voor=shown[-1].id) if more else None,
    )


@bp.route("/archief/lijsten/<id:list_id>")
@requires(Permission.READ_ARCHIVE)
def show_list(list_id: int) -> ResponseReturnValue:
    each, asked = _list(list_id), ListFilters.of_request()
    status = ListedStatus.DONE if each.status is DisposalStatus.DONE else ListedStatus.LISTED
    counts = queries.category_counts(db.session, list_id, status)
    wanted = CaseFilter(
        status=asked.choice("stand", members(ListedStatus)),
        code=asked.choice("categorie", {row.code: (row.code, row.name) for row in counts}),
        reference=asked.text("zoek", lambda text: f"Nummer: {text}"),
    )
    rows = queries.cases_on(db.session, list_id, wanted, after=asked.place("na"))
    shown, more = rows[: queries.CASES_PAGE_SIZE], len(rows) > queries.CASES_PAGE_SIZE
    actor = current_actor()
    return render_template(
        "archive/list.html",
        each=each,
        rows=shown,
        counts=counts,
        names=reference(db.session).staff_names,
        wanted=wanted,
        status_options=[(status.value, label(status)) for status in ListedStatus],
        category_options=[(row.code, row.name) for row in counts],
        may_manage=actor.can(Permission.MANAGE_ARCHIVE),
        may_read_cases=actor.can(Permission.READ_CASES),
        confirmed_it=each.first_by_id is not None and each.first_by_id == actor.account_id,
        package_hash=lists.manifest_hash(db.session, list_id) if each.waits_for_receipt else None,
        chips=asked.chips(),
        first_href=asked.address() if asked.place("na") else None,
        next_href=asked.address(na=shown[-1].id) if more else None,
    )


class ListPage(FormPage[FormT, ListRow]):
    """A page with one form about a list."""

    template = "archive/form.html"
    list_id: int

    def read(self) -> ListRow:
        return _list(self.list_id)

    @property
    def back(self) -> str:
        return url_for("archive.show_list", list_id=self.list_id)

    def shown(self) -> dict[str, Any]:
        each = self.subject
        status = ListedStatus.LISTED
        return super().shown() | {
            "each": each,
            "counts": queries.category_counts(db.session, self.list_id, status),
        }


@form_page(bp, "/archief/lijsten/<id:list_id>/bevestigen", Permission.MANAGE_ARCHIVE)
class ConfirmList(ListPage[LookedForm]):
    """Agree with a list; the second of two people lets it be carried out."""

    form_class = LookedForm
    title = "Lijst bevestigen"
    button = "Bevestig de lijst"
    done = "U hebt de lijst bevestigd."

    @property
    def lead(self) -> str:
        what = "vernietigd" if self.subject.disposition is Disposition.DESTROY else "overgebracht"
        if self.subject.first_by_id is None:
            return f"Hierna bevestigt een tweede persoon de lijst. Pas dan worden de zaken {what}."
        if self.subject.disposition is Disposition.DESTROY:
            return "U bent de tweede persoon. Binnen een uur zijn de dossiers weg. Dat kan niemand terugdraaien."
        return "U bent de tweede persoon. Daarna kunt u het pakket voor het archief ophalen."

    def act(self) -> str:
        status = lists.confirm(self.context, self.list_id, self.form.version.data)
        if status is DisposalStatus.CONFIRMED_ONCE:
            return "U hebt de lijst bevestigd. Zij wacht nu op een tweede persoon."
        return "De lijst is door twee mensen bevestigd."


@form_page(bp, "/archief/lijsten/<id:list_id>/teruggeven", Permission.MANAGE_ARCHIVE)
class GiveBackList(ListPage[VersionedForm]):
    """Undo the first confirmation."""

    form_class = VersionedForm
    title = "Lijst teruggeven"
    lead = "De eerste bevestiging vervalt. Daarna zijn er weer twee mensen nodig."
    button = "Geef de lijst terug"
    done = "De lijst is teruggegeven."

    def act(self) -> None:
        lists.give_back(self.context, self.list_id, self.form.version.data)


@form_page(bp, "/archief/lijsten/<id:list_id>/zaken/<string:listed_reference>/bewaren", Permission.MANAGE_ARCHIVE)
class KeepCase(ListPage[HoldForm]):
    """Take a case off a list, because it is still needed."""

    form_class = HoldForm
    button = "Haal de zaak van de lijst"
    done = "De zaak is van de lijst gehaald en blijft bewaard."
    listed_reference: str

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Zaak {self.listed_reference} bewaren"

    @property
    def lead(self) -> str:
        return "De zaak gaat van deze lijst af. Er verandert nu niets aan het dossier."

    def act(self) -> None:
        form = self.form
        lists.take_off(
            self.context,
            self.list_id,
            self.listed_reference,
            form.version.data,
            ground=HoldGround(form.ground.data),
            until=filled_in(form.until.data),
            reason=form.reason.data,
        )

    def shown(self) -> dict[str, Any]:
        wanted = CaseFilter(status=ListedStatus.LISTED, reference=self.listed_reference)
        if not any(
            row.reference == self.listed_reference for row in queries.cases_on(db.session, self.list_id, wanted)
        ):
            abort(404)
        return super().shown()


@form_page(bp, "/archief/lijsten/<id:list_id>/ontvangst", Permission.MANAGE_ARCHIVE)
class ReceivePackage(ListPage[ReceiptForm]):
    """Write down that the archive has the package."""

    form_class = ReceiptForm
    title = "Ontvangst bevestigen"
    lead = "Het archief heeft het pakket en kon het openen. Binnen een uur zijn de dossiers hier weg."
    button = "Bevestig de ontvangst"
    done = "De ontvangst is vastgelegd. De dossiers worden hier nu gewist."

    def act(self) -> None:
        form = self.form
        lists.receive(
            self.context,
            self.list_id,
            form.version.data,
            reference=form.reference.data,
            on=filled_in(form.on.data),
            package_hash=form.package_hash.data,
        )


@bp.route("/archief/lijsten/<id:list_id>/pakket.zip")
@requires(Permission.MANAGE_ARCHIVE)
def package(list_id: int) -> ResponseReturnValue:
    """The package for the archive, sent while it is made."""
    pieces: Iterator[bytes] = packages.package(current_context(), current_app.config["FILE_STORE"], list_id)
    return Response(
        stream_with_context(pieces),
        mimetype="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="archiefpakket-{list_id}.zip"',
            "Cache-Control": "no-store",
        },
    )


@bp.route("/archief/lijsten/<id:gone_list_id>/verklaring")
@requires(Permission.READ_ARCHIVE)
def show_certificate(gone_list_id: int) -> ResponseReturnValue:
    return render_template(
        "archive/certificate.html", told=_certificate(_list(gone_list_id)), list_id=gone_list_id, hashes_about=HASHES
    )


@bp.route("/archief/lijsten/<id:gone_list_id>/verklaring.pdf")
@requires(Permission.READ_ARCHIVE)
def certificate_file(gone_list_id: int) -> ResponseReturnValue:
    each = _list(gone_list_id)
    told = _certificate(each)
    if each.done_at is None:
        abort(404)
    return Response(
        certificate_pdf(pdf_data(told), made_at=each.done_at),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="verklaring-{gone_list_id}.pdf"'},
    )


def _list(list_id: int) -> ListRow:
    each = queries.one_list(db.session, list_id)
    if each is None:
        abort(404)
    return each


def _certificate(each: ListRow) -> Certificate:
    """Raises NotFound while the list was not carried out."""
    if each.status is not DisposalStatus.DONE:
        abort(404)
    wanted = CaseFilter(status=ListedStatus.DONE)
    people = [account_id for account_id in (each.first_by_id, each.second_by_id) if account_id is not None]
    return certificate(
        each,
        queries.category_counts(db.session, each.id, ListedStatus.DONE),
        queries.cases_on(db.session, each.id, wanted, limit=None),
        queries.roles_of(db.session, people),
    )
