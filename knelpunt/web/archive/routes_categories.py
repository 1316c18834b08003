"""The retention categories: what holds, what is proposed, and who decided."""

from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import CategoryStatus
from knelpunt.extensions import db
from knelpunt.queries.archive import categories as queries
from knelpunt.queries.archive.categories import CategoryRow
from knelpunt.queries.core.reference import reference
from knelpunt.services.archive import categories
from knelpunt.services.archive.categories import Wording
from knelpunt.web.archive.blueprint import bp
from knelpunt.web.archive.forms import DecideForm, WordingForm
from knelpunt.web.shared.forms.form_page import FormPage, filled_in, form_page
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import current_actor, requires


@bp.route("/archief/categorieen")
@requires(Permission.READ_ARCHIVE)
def category_list() -> ResponseReturnValue:
    rows = queries.wordings(db.session)
    return render_template(
        "archive/categories.html",
        proposed=[row for row in rows if row.status is CategoryStatus.PROPOSED],
        held=[row for row in rows if row.status is CategoryStatus.IN_FORCE],
        earlier=[row for row in rows if row.status in (CategoryStatus.REFUSED, CategoryStatus.REPLACED)],
        names=reference(db.session).staff_names,
        may_manage=current_actor().can(Permission.MANAGE_ARCHIVE),
        own_id=current_actor().account_id,
    )


@form_page(bp, "/archief/categorieen/<string:category_code>/wijzigen", Permission.MANAGE_ARCHIVE)
class ProposeCategory(FormPage[WordingForm, CategoryRow]):
    """Propose another wording of a category."""

    form_class = WordingForm
    template = "archive/category.html"
    lead = "Er verandert niets, tot een tweede persoon het overneemt. Zaken die eronder vallen, gaan dan mee."
    button = "Stel dit voor"
    done = "Het voorstel wacht op een tweede persoon."
    category_code: str

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"{self.subject.name} wijzigen"

    def read(self) -> CategoryRow:
        row = queries.newest(db.session, self.category_code) if len(self.category_code) < 100 else None
        if row is None:
            abort(404)
        return row

    @property
    def back(self) -> str:
        return url_for("archive.category_list")

    def prefill(self) -> None:
        self.form.process(None, obj=self.subject)

    def act(self) -> None:
        form = self.form
        categories.propose(
            self.context,
            self.category_code,
            Wording(
                name=form.name.data,
                holds=form.holds.data,
                years=form.years.data,
                disposition=form.disposition.data,
                public_text_stays=form.public_text_stays.data,
                source=form.source.data,
                source_checked_on=form.source_checked_on.data,
                valid_from=filled_in(form.valid_from.data),
            ),
        )

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"row": self.subject}


@form_page(bp, "/archief/categorieen/voorstellen/<id:category_id>", Permission.MANAGE_ARCHIVE)
class DecideCategory(FormPage[DecideForm, CategoryRow]):
    """Take over a proposed wording, or say why not."""

    form_class = DecideForm
    template = "archive/category_decide.html"
    button = "Leg vast"
    done = "Uw besluit is vastgelegd."
    category_id: int

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Voorstel voor {self.subject.name}"

    @property
    def lead(self) -> str | None:
        proposed_at = self.subject.proposed_at
        return f"Voorgesteld op {full_date(proposed_at)}" if proposed_at else None

    def read(self) -> CategoryRow:
        row = queries.one_wording(db.session, self.category_id)
        if row is None:
            abort(404)
        return row

    @property
    def back(self) -> str:
        return url_for("archive.category_list")

    def act(self) -> None:
        form = self.form
        categories.decide(
            self.context,
            self.category_id,
            form.version.data,
            accepted=bool(form.accepted.data),
            remark=form.remark.data or "",
        )

    def shown(self) -> dict[str, Any]:
        row = self.subject
        return super().shown() | {
            "row": row,
            "now": queries.newest(db.session, row.code),
            "own_id": current_actor().account_id,
        }
