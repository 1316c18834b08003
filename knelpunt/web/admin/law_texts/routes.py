"""Addresses for the articles whose text changed since it was read: ``/beheer/wetten/teksten``."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.laws.changes import TextFindingStatus
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.laws import text_findings as queries
from knelpunt.services.laws import texts
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.shared.forms.forms import CHOOSE, BaseForm, choices
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

STATUS_WORDS = {
    TextFindingStatus.OPEN: "Te bekijken",
    TextFindingStatus.CHECKED: "Nagekeken",
    TextFindingStatus.EDITED: "Wijziging gemaakt",
}
BADGES = {TextFindingStatus.OPEN: "wait", TextFindingStatus.CHECKED: "ok", TextFindingStatus.EDITED: "ok"}
DONE = {
    TextFindingStatus.CHECKED: "Dit staat nu als nagekeken.",
    TextFindingStatus.EDITED: "Dit staat nu als gewijzigd. Een andere beheerder besluit over het voorstel.",
}


class FindingForm(BaseForm):
    """What somebody did about an article that changed."""

    status = SelectField(
        "Wat hebt u gedaan?",
        [InputRequired("Kies wat u hebt gedaan.")],
        choices=choices(
            [
                ("", CHOOSE),
                (TextFindingStatus.CHECKED.value, "Nagekeken: onze samenvatting klopt nog"),
                (TextFindingStatus.EDITED.value, "Wijziging gemaakt: er ligt een voorstel"),
            ]
        ),
    )
    note = TextAreaField(
        "Wat zag u?",
        [InputRequired("Schrijf op wat u zag."), Length(max=texts.NOTE_MAX_CHARACTERS)],
        description="Bijvoorbeeld: alleen een verwijzing is anders, of: de termijn is nu acht weken.",
        render_kw={"rows": 3},
    )


@bp.route("/beheer/wetten/teksten")
@requires(Permission.EDIT_CATALOGUE)
def law_texts() -> ResponseReturnValue:
    asked = ListFilters.of_request()
    status = asked.choice("stand", members(TextFindingStatus, STATUS_WORDS.__getitem__))
    rows = queries.list_findings(db.session, status, page=asked.read_page())
    previous, following = asked.pages(more=len(rows) > queries.PAGE_SIZE)
    return render_template(
        "admin/law_texts.html",
        rows=rows[: queries.PAGE_SIZE],
        status=status,
        status_options=[(each.value, words) for each, words in STATUS_WORDS.items()],
        status_words=STATUS_WORDS,
        badges=BADGES,
        chips=asked.chips(),
        previous_href=previous,
        next_href=following,
    )


@bp.route("/beheer/wetten/teksten/<id:finding_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
@commits
def law_text(finding_id: int) -> ResponseReturnValue:
    form = FindingForm()
    if form.validate_on_submit():
        status = TextFindingStatus(form.status.data)
        with errors_on(form):
            texts.decide(current_context(), finding_id, status, form.note.data or "")
            flash(DONE[status])
            return redirect(url_for("admin.law_text", finding_id=finding_id), 303)
    finding = queries.one_finding(db.session, finding_id)
    if finding is None:
        abort(404)
    page = render_template(
        "admin/law_text.html",
        form=form,
        finding=finding,
        status_words=STATUS_WORDS,
        badges=BADGES,
        is_open=finding.status is TextFindingStatus.OPEN,
    )
    return page, form_status(form)
