"""An answer that says "done" is only given when it was done."""

import pytest
from flask import redirect
from sqlalchemy import update
from sqlalchemy.orm.exc import StaleDataError

from knelpunt.extensions import db
from knelpunt.models import Case
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.requests.transactions import commits, errors_on


def test_a_change_that_fails_at_the_end_is_not_answered_as_done(app, session, make):
    made = make.case(title="Zoals het was")
    session.flush()

    @commits
    def view():
        with errors_on(BaseForm()):
            case = db.session.get(Case, made.id)
            newer = update(Case).where(Case.id == made.id).values(version=Case.version + 1)
            db.session.execute(newer, execution_options={"synchronize_session": False})
            case.title = "Over een ander heen"
            return redirect("/klaar")

    with app.test_request_context("/", method="POST"), pytest.raises(StaleDataError):
        view()
    session.expire_all()
    assert session.get(Case, made.id).title == "Zoals het was"
