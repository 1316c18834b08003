"""A second look at a closed case: who takes it, an answer to each point, the outcome; and what is done on request."""

from typing import Any

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import CaseStatus, SecondLookOutcome
from knelpunt.extensions import db
from knelpunt.queries.cases.handling import had_a_part
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.cases import resolution, second_looks
from knelpunt.services.submitters import suspensions
from knelpunt.web.desk.case.view import Missing, may_stand_still
from knelpunt.web.desk.steps.forms_second_look import (
    ChangeForm,
    DeclineForm,
    KeepForm,
    SecondHandlerForm,
    SecondLookStartForm,
    SuspensionForm,
    form_for,
)
from knelpunt.web.desk.steps.page import LATER, NOT_HERE, LetterPage, Lines, StepPage, message_to, read_file, step_page
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.requests.access import current_actor

FOR_THE_HEAD = "Het ligt nu bij het hoofd van het loket. Gaat dat akkoord, dan krijgt de indiener de uitkomst."
ASK_HEAD = "Leg voor aan het hoofd van het loket"
EACH_POINT = "De indiener krijgt op elk punt uw antwoord."


def others(file: CaseFile) -> list[tuple[int, str]]:
    """Who may look at a case again: not who had a part in its end, nor the head of desk who decides."""
    left_out = had_a_part(db.session, file.case.id) | {current_actor().account_id}
    return [option for option in small_tables(db.session).handler_options if option[0] not in left_out]


@step_page("heroverweging-starten", steps.START_SECOND_LOOK.permission)
class StartSecondLook(LetterPage[SecondLookStartForm]):
    """Step 15 by the head of desk."""

    step = steps.START_SECOND_LOOK
    kind = MailKind.SECOND_HANDLER
    form_class = SecondLookStartForm
    title = "De zaak opnieuw laten bekijken"
    button = "Begin de heroverweging"
    done = "De zaak is in heroverweging. De indiener krijgt bericht."

    def offer(self) -> None:
        self.form.handler_id.offer(others(self.file))

    def act(self) -> None:
        form = self.form
        resolution.start_second_look(
            self.context,
            self.reference,
            form.version.data,
            reason=form.reason.data,
            handler_id=form.handler_id.data,
        )

    def letter_values(self) -> dict[str, Any]:
        name = small_tables(db.session).staff_names[filled_in(self.form.handler_id.data)]
        return {"handler_name": name, "reason": self.form.reason.data, "next_date": LATER}

    @property
    def lead(self) -> str:
        return (
            "Een ander dan wie de zaak behandelde of de afsluiting toetste, bekijkt haar opnieuw. De indiener krijgt "
            f"{message_to(self.file)}."
        )


@step_page("tweede-behandelaar", Permission.LEAD_SECOND_LOOK)
class NameSecondHandler(StepPage[SecondHandlerForm]):
    """The head of desk names who looks at a case again."""

    form_class = SecondHandlerForm
    title = "Tweede behandelaar aanwijzen"
    lead = (
        "Wie de zaak behandelde of de afsluiting toetste, staat niet in de lijst. U ook niet: u beslist over de "
        "uitkomst."
    )
    button = "Wijs aan"
    done = "De tweede behandelaar is aangewezen. De indiener krijgt bericht."
    template = "desk/second_look.html"

    def offer(self) -> None:
        self.form.handler_id.offer(others(self.file))

    def act(self) -> None:
        second_looks.name_handler(self.context, self.reference, self.form.version.data, self.form.handler_id.data)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.file.second_look else (Missing(NOT_HERE, None),)

    @property
    def stands_now(self) -> Lines:
        return [("Tweede behandelaar", self.file.handler or "niemand")]

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"look": self.file.second_look}


class _Outcome(LetterPage[KeepForm | ChangeForm]):
    """Step 16, first half: an answer to each point, for the head of desk to agree to."""

    kind = MailKind.SECOND_LOOK_OUTCOME
    template = "desk/second_look.html"
    button = ASK_HEAD
    done = FOR_THE_HEAD

    def __init__(self, **address: Any) -> None:
        vars(self).update(address)
        look = read_file(self.reference).second_look
        self.points = look.points if look else ()
        self.form = form_for(self.form_class, self.points)

    @property
    def outcome(self) -> SecondLookOutcome:
        form = self.form
        return filled_in(form.outcome.data) if isinstance(form, ChangeForm) else SecondLookOutcome.KEPT

    @property
    def answers(self) -> list[str]:
        return [self.form[f"answer_{number}"].data for number in range(1, len(self.points) + 1)]

    def act(self) -> None:
        form = self.form
        resolution.request_second_look_outcome(
            self.context,
            self.reference,
            filled_in(form.version.data),
            outcome=self.outcome,
            answers=self.answers,
            reason=form.reason.data or "",
        )

    def letter_values(self) -> dict[str, Any]:
        look = self.file.second_look
        may_ask = look is not None and not look.by_submitter and self.outcome is SecondLookOutcome.KEPT
        had_own = any(each.by_submitter for each in self.file.second_looks)
        return {
            "outcome": self.outcome,
            "points": list(zip(self.points, self.answers, strict=True)),
            "reason": self.form.reason.data,
            "next_date": LATER,
            "ask_until": LATER if may_ask and not had_own else None,
        }

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"look": self.file.second_look}


@step_page("heroverweging-blijft", steps.KEEP_OUTCOME.permission)
class KeepOutcome(_Outcome):
    """The outcome stays."""

    step = steps.KEEP_OUTCOME
    form_class = KeepForm
    title = "De uitkomst laten zoals zij is"
    lead = f"De zaak wordt dan weer afgesloten, met dezelfde uitkomst. {EACH_POINT}"


@step_page("heroverweging-anders", steps.CHANGE_OUTCOME.permission)
class ChangeOutcome(_Outcome):
    """The case is handled again."""

    step = steps.CHANGE_OUTCOME
    form_class = ChangeForm
    title = "De uitkomst veranderen"
    lead = (
        "De zaak gaat dan weer open, en de tijd voor een voorstel begint opnieuw. Verandert een deel? Schrijf dan bij "
        f"elk punt of het blijft. {EACH_POINT}"
    )


@step_page("termijn-stilzetten", Permission.HANDLE_CASE)
class SuspendTerm(StepPage[SuspensionForm]):
    """Let a term stand still because the submitter asked for it, or agreed."""

    form_class = SuspensionForm
    title = "Termijn stilzetten"
    button = "Zet de termijn stil"
    done = "De termijn staat stil vanaf morgen. De indiener krijgt bericht."

    def act(self) -> None:
        form = self.form
        suspensions.suspend_term(
            self.context,
            self.reference,
            form.version.data,
            until=filled_in(form.until.data),
            reason=form.reason.data,
        )

    @property
    def lead(self) -> str:
        return (
            "Doe dit alleen als de indiener erom vroeg of het goed vindt. De indiener krijgt "
            f"{message_to(self.file)} met de nieuwe laatste dag."
        )

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if may_stand_still(self.file) else (Missing(suspensions.NO_TERM, None),)


@step_page("heropening-afwijzen", Permission.HANDLE_CASE)
class DeclineReopening(LetterPage[DeclineForm]):
    """Leave a case closed whose submitter asked in aftercare to open it again."""

    kind = MailKind.REOPENING_DECLINED
    form_class = DeclineForm
    title = "De zaak gesloten laten"
    lead = "De indiener liet weten dat het project nog vastzit, en vroeg om de zaak opnieuw te openen."
    button = "Laat de zaak gesloten"
    done = "De zaak blijft gesloten. De indiener krijgt bericht."

    def act(self) -> None:
        resolution.decline_reopening(self.context, self.reference, self.form.version.data, self.form.reason.data)

    def letter_values(self) -> dict[str, Any]:
        asked = [each.answered_on or each.asked_on for each in self.file.aftercare if each.waits_for_desk]
        return {"asked_on": max(asked, default=None), "reason": self.form.reason.data}

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        is_asked = any(each.waits_for_desk for each in self.file.aftercare)
        fits = is_asked and self.case.status is CaseStatus.CLOSED
        return () if fits else (Missing(resolution.NOBODY_ASKED, None),)
