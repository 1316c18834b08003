"""Asking ministries to comment on a text, and settling what they said."""

from typing import Any

from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.writing import SECTIONS
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters.track import COMMENT_DAYS, QuarterStep
from knelpunt.domain.texts import with_article
from knelpunt.extensions import db
from knelpunt.queries.consultations.contacts import contact_options
from knelpunt.queries.quarters import texts
from knelpunt.queries.quarters.texts import Asked, Comment
from knelpunt.services.quarters import comments
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.writing.forms import CommentAskForm, SettleForm
from knelpunt.web.reporting.writing.pages import TextPage, open_written, show
from knelpunt.web.shared.forms.form_page import form_page
from knelpunt.web.shared.forms.forms import ButtonForm, choices
from knelpunt.web.shared.requests.access import requires, today_in_nl


@bp.route("/<string:quarter>/tekst/reacties")
@requires(Permission.SEAL_QUARTER)
def text_comments(quarter: str) -> ResponseReturnValue:
    """Who was asked, and everything that was said."""
    written = open_written(quarter)
    return show(
        "comments.html",
        written,
        asked=texts.requests_of(db.session, written.quarter),
        comments=texts.comments_of(db.session, written.quarter),
        sections=SECTIONS,
        today=today_in_nl(),
    )


class _CommentPage(TextPage):
    @property
    def back(self) -> str:
        return f"/kwartalen/{self.of}/tekst/reacties"


@form_page(bp, "/<string:quarter>/tekst/reacties/vragen", Permission.SEAL_QUARTER)
class AskComment(_CommentPage):
    """Ask somebody at a ministry to comment."""

    form_class = CommentAskForm
    step = QuarterStep.ASK_COMMENT
    title = "Vraag een ministerie om een reactie"
    button = "Stuur de vraag"
    done = "De vraag is verstuurd, met een link voor deze tekst."

    @property
    def lead(self) -> str:
        return "Wie u vraagt, krijgt een link. Daarmee leest en becommentarieert hij deze tekst, zonder account."

    def offer(self) -> None:
        options = list(contact_options(db.session))
        self.form.contact_id.choices = choices([("", "Kies uit het adresboek"), *options])

    def prefill(self) -> None:
        self.form.due_on.data = add_working_days(today_in_nl(), COMMENT_DAYS)

    def act(self) -> None:
        comments.ask(self.context, self.of, contact_id=self.form.contact_id.data, due_on=self.form.due_on.data)


@form_page(bp, "/<string:quarter>/tekst/reacties/<id:comment_request_id>/intrekken", Permission.SEAL_QUARTER)
class WithdrawComment(_CommentPage):
    """Ask no longer."""

    form_class = ButtonForm
    step = QuarterStep.ASK_COMMENT
    title = "Trek de vraag om een reactie in"
    button = "Trek de vraag in"
    done = "De vraag is ingetrokken. De link werkt niet meer."
    comment_request_id: int

    def read(self) -> Asked:
        found = [each for each in texts.requests_of(db.session, self.of) if each.id == self.comment_request_id]
        if not found or found[0].withdrawn_at is not None:
            raise NotFound()
        return found[0]

    @property
    def lead(self) -> str:
        return (
            f"De link van {with_article(self.subject.ministry)} werkt daarna niet meer. Wat al is gezegd, blijft staan."
        )

    def act(self) -> None:
        comments.withdraw(self.context, self.of, self.subject.id)


@form_page(bp, "/<string:quarter>/tekst/reacties/<id:comment_id>", Permission.SEAL_QUARTER)
class SettleComment(_CommentPage):
    """What the author does with a comment."""

    form_class = SettleForm
    template = "reporting/writing/settle.html"
    step = QuarterStep.SETTLE_COMMENT
    title = "Verwerk een reactie"
    button = "Leg vast"
    done = "De reactie is verwerkt."
    comment_id: int

    def read(self) -> Comment:
        found = texts.comment(db.session, self.of, self.comment_id)
        if found is None:
            raise NotFound()
        return found

    def prefill(self) -> None:
        self.form.is_taken.data = self.subject.is_taken
        self.form.answer.data = self.subject.answer

    def act(self) -> None:
        comments.settle(
            self.context,
            self.of,
            self.subject.id,
            is_taken=bool(self.form.is_taken.data),
            answer=self.form.answer.data or "",
        )

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "about": SECTIONS[self.subject.section]}
