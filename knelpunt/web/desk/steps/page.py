"""What the step pages have in common: one form, the case above it, what stands in the way, and the way back."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.archive.retention import ARCHIVED
from knelpunt.domain.calendar.clocks import Clock, length_in_words
from knelpunt.domain.cases.requirements import met
from knelpunt.domain.cases.workflow import Transition
from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import HANDLED_IT_FIRST, Permission
from knelpunt.extensions import db
from knelpunt.queries.cases.page import read_case_file
from knelpunt.queries.cases.page_rows import CaseFacts, CaseFile
from knelpunt.queries.collaboration.tasks import ChecklistRow, offered_for
from knelpunt.queries.core import cases
from knelpunt.queries.laws.term_rules import terms_of
from knelpunt.services.mail.preview import as_sent
from knelpunt.services.mail.templates import Outcome
from knelpunt.services.mail.texts import MailText
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.presence import note_reader
from knelpunt.web.desk.case.view import Missing, is_kept_out, missing_for, running_term
from knelpunt.web.shared.forms.form_page import FormPage, FormT, Page, form_page
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import current_actor, today_in_nl
from knelpunt.web.shared.requests.transactions import errors_on, form_status
from knelpunt.web.shared.texts import said

Lines = list[tuple[str, str | None]]
"""Names and values."""

NOT_HERE = "Deze stap past niet bij waar de zaak nu staat."
NOT_OPEN = "Deze zaak is niet meer open."
PREVIEW = "bekijk_brief"
"""The name of the button that shows the letter first."""
LATER = "de dag die bij het versturen wordt ingevuld"
"""In a letter that a second person sees first, where its last day will stand."""


class StepPage(FormPage[FormT, CaseFile]):
    """The page of a step of a case. A step of the workflow names it in ``step``, which says what stands in the way."""

    template = "desk/step.html"
    step: Transition | None = None
    takes_files = False
    works_when_archived = False
    reference: str

    def read(self) -> CaseFile:
        return read_file(self.reference)

    @property
    def file(self) -> CaseFile:
        return self.subject

    @property
    def case(self) -> CaseFacts:
        return self.subject.case

    @property
    def version(self) -> int:
        return self.case.version

    @property
    def back(self) -> str:
        return case_address(self.reference)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        """What is missing, apart from what the page itself asks; then there is no form."""
        if self.step is None:
            return ()
        try:
            self.step.check_from(self.case.status)
        except DomainError as error:
            return (Missing(error.message, None),)
        return missing_for(self.step, met(self.case, self.file.findings, today_in_nl()), current_actor())

    @property
    def stands_now(self) -> Lines:
        """Name and present value of what the form changes, for the page after a conflict."""
        case = self.case
        return [
            ("Staat", label(case.status)),
            ("Oordeel", f"{case.verdict.value} {label(case.verdict)}"),
            ("Laatst gewijzigd", full_date(case.updated_at)),
        ]

    def shown(self) -> dict[str, Any]:
        never = (
            ARCHIVED
            if self.case.archived_on is not None and not self.works_when_archived
            else HANDLED_IT_FIRST
            if is_kept_out(self.case, current_actor())
            else None
        )
        return super().shown() | {
            "present": note_reader(self.file),
            "checklists": self._checklists(),
            "file": self.file,
            "case": self.case,
            "term": running_term(self.file, today_in_nl()),
            "blocked_by": (Missing(never, None),) if never else self.blocked_by,
            "stands_now": self.stands_now,
            "takes_files": self.takes_files,
            "case_path": self.back,
        }

    def _checklists(self) -> list[ChecklistRow]:
        """The checklists of this step whose tasks are not with the case yet."""
        if self.step is None or not current_actor().can(Permission.WRITE_NOTE):
            return []
        there = {each.checklist_id for each in self.file.tasks}
        offered = offered_for(db.session, self.case.theme)
        return [each for each in offered if each.step == self.step.name and each.id not in there]


class LetterPage(StepPage[FormT]):
    """A step that sends a letter: its form has a second button that shows the letter as its receiver will read it."""

    kind: MailKind
    _preview: MailText | None = None

    @abstractmethod
    def letter_values(self) -> dict[str, Any]:
        """What the handler wrote, by the names of the values of the letter."""

    @property
    def outcome(self) -> Outcome | None:
        """The verdict, the result or what came of a second look as the form gives it, for the version of the letter."""
        return None

    def answer(self) -> ResponseReturnValue:
        """Show the letter when that was asked for, and keep nothing; else as any step."""
        if PREVIEW not in request.form:
            return super().answer()
        self.offer()
        if self.form.validate():
            case = cases.get_by_reference(db.session, self.reference)
            self._preview = as_sent(self.context, case, self.kind, self.letter_values(), self.outcome)
        return render_template(self.template, **self.shown()), 200 if self._preview else 422

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"preview": self._preview, "preview_button": PREVIEW}


def term_words(file: CaseFile, clock: Clock) -> str:
    """How long a term is in this case, by the day on which it was filed: "10 werkdagen"."""
    term = terms_of(db.session, file.case.filed_on)[clock][0]
    return said(length_in_words(term.length, term.unit))


def step_page(path: str, *permissions: Permission) -> Callable[[type[Page]], type[Page]]:
    """Put the page of a step at this address below its case, for roles with one of these permissions."""
    return form_page(bp, f"/zaken/<string:reference>/{path}", *permissions)


def case_address(reference: str) -> str:
    """The page of a case."""
    return url_for("desk.case_page", reference=reference)


def back_to_case(reference: str, words: str) -> ResponseReturnValue:
    """Back to the case, which says what was done."""
    flash(words)
    return redirect(case_address(reference), 303)


def carried_out(form: BaseForm, step: Callable[[], Any]) -> bool:
    """Whether the act succeeded; when it did not, the form says why and nothing of it is kept."""
    with errors_on(form):
        step()
    return form_status(form) == 200


def read_file(reference: str) -> CaseFile:
    """The case as this actor may read it. Raises NotFound."""
    return read_case_file(db.session, current_actor(), reference)


def message_to(file: CaseFile) -> str:
    """In which form a message reaches the submitter of this case; without contact data it stands on no more than the
    page of the case."""
    if file.case.organisation_id is not None or file.has_email:
        return "een mail"
    return "een brief of een telefoontje" if file.has_contact else "geen bericht: er zijn geen contactgegevens"


def unless(fits: bool, words: str, file: CaseFile) -> tuple[Missing, ...]:
    """What stands in the way of an act that is no step of the workflow: the state, or a review that is open."""
    if not fits:
        return (Missing(words, None),)
    if file.open_review is not None:
        return (Missing("Er wacht al een stap op een tweede persoon.", "toetsing"),)
    return ()
