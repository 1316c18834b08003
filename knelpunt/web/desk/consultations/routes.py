"""Asking a ministry, deciding about more time, noting that no answer came, and settling a disagreement."""

from typing import Any

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import ConsultationRow
from knelpunt.queries.consultations.contacts import contact_options
from knelpunt.services.consultations import asking
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.consultations.forms import ConsultForm, DisagreementForm, MoreTimeForm
from knelpunt.web.desk.steps.page import NOT_HERE, FormT, StepPage, step_page, term_words
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.requests.access import today_in_nl

NOBODY_KNOWN = "Er staat nog niemand in het adresboek. Een beheerder vult dat."


@step_page("ministerie-vragen", steps.CONSULT.permission)
class AskMinistry(StepPage[ConsultForm]):
    step = steps.CONSULT
    form_class = ConsultForm
    title = "Een ministerie vragen"
    button = "Verstuur de vraag"
    done = "De vraag is verstuurd. De indiener krijgt bericht welk ministerie is gevraagd."

    @property
    def lead(self) -> str:
        return (
            "De ambtenaar krijgt een mail met een link, en antwoordt zonder account binnen "
            f"{term_words(self.file, Clock.K3)}. Daar staan uw vraag en de regel. Mag de melding worden gedeeld, dan "
            "ook het nummer van de zaak en het oordeel. Woorden van het oordeel waarin een naam of adres staat, gaan "
            "niet mee. De melding zelf, de bijlagen en wie indiende evenmin. Uw eigen termijn loopt door."
        )

    def offer(self) -> None:
        self.form.contact_id.offer(contact_options(db.session))
        self.form.assessment_id.offer([(row.id, row.citation) for row in self.file.assessments])

    def act(self) -> None:
        form = self.form
        asking.ask(
            self.context,
            self.reference,
            form.version.data,
            contact_id=form.contact_id.data,
            question=form.question.data,
            assessment_id=form.assessment_id.data,
            article=form.article.data or "",
        )

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        found = super().blocked_by
        if not found and len(self.form.contact_id.choices) < 2:
            return (Missing(NOBODY_KNOWN, None),)
        return found


class ConsultationPage(StepPage[FormT]):
    """A page about one question that is open."""

    template = "desk/consultation.html"
    consultation_id: int

    @property
    def consultation(self) -> ConsultationRow:
        for each in self.file.consultations:
            if each.id == self.consultation_id:
                return each
        raise NotFound()

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.consultation.is_open else (Missing(asking.IS_OVER, None),)

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"consultation": self.consultation}


@step_page("raadplegingen/<id:consultation_id>/geen-antwoord", steps.CONSULTATION_UNANSWERED.permission)
class NoteUnanswered(ConsultationPage[VersionedForm]):
    form_class = VersionedForm
    title = "Noteren dat er geen antwoord kwam"
    lead = "De indiener en de ambtenaar krijgen bericht. Het hoofd van het loket ziet het ook."
    button = "Noteer: geen antwoord"
    done = "Genoteerd. U kunt verder met wat er is."

    def act(self) -> None:
        asking.note_unanswered(self.context, self.reference, self.form.version.data, self.consultation_id)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        due_on = self.consultation.due_on
        if self.consultation.is_open and today_in_nl() <= due_on:
            return (Missing(f"Het ministerie kan nog antwoorden tot en met {date_in_words(due_on)}.", None),)
        return super().blocked_by


@step_page("raadplegingen/<id:consultation_id>/intrekken", steps.CONSULTATION_TAKEN_BACK.permission)
class TakeBack(ConsultationPage[VersionedForm]):
    form_class = VersionedForm
    title = "Een vraag aan een ministerie intrekken"
    lead = (
        "Ging de vraag naar het verkeerde adres, of is een antwoord niet meer nodig? Trek haar dan in. De link werkt "
        "dan niet meer. De ambtenaar en de indiener krijgen bericht."
    )
    button = "Trek de vraag in"
    done = "De vraag is ingetrokken. De ambtenaar en de indiener krijgen bericht."

    def act(self) -> None:
        asking.take_back(self.context, self.reference, self.form.version.data, self.consultation_id)


@step_page("raadplegingen/<id:consultation_id>/meer-tijd", Permission.HANDLE_CASE)
class DecideMoreTime(ConsultationPage[MoreTimeForm]):
    form_class = MoreTimeForm
    title = "Meer tijd voor een ministerie"
    lead = "De ambtenaar krijgt bericht van uw besluit."
    button = "Leg het besluit vast"
    done = "Vastgelegd. De ambtenaar krijgt bericht."

    def act(self) -> None:
        form = self.form
        asking.decide_more_time(
            self.context,
            self.reference,
            form.version.data,
            self.consultation_id,
            is_given=form.is_given.data,
            until=form.until.data,
        )

    def prefill(self) -> None:
        self.form.until.data = self.consultation.more_time_until

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        if self.consultation.is_open and self.consultation.more_time_until is None:
            return (Missing("Er is geen meer tijd gevraagd.", None),)
        return super().blocked_by


@step_page("verschil-beslissen", Permission.DECIDE_DISAGREEMENT)
class DecideDisagreement(StepPage[DisagreementForm]):
    form_class = DisagreementForm
    title = "Beslissen over een verschil tussen ministeries"
    lead = "Twee ministeries spreken elkaar tegen. U beslist wat het loket volgt. De behandelaar leest uw reden."
    button = "Leg het besluit vast"
    done = "Het besluit is vastgelegd. De behandelaar krijgt bericht."
    template = "desk/disagreement.html"

    def act(self) -> None:
        form = self.form
        asking.decide_disagreement(
            self.context,
            self.reference,
            form.version.data,
            decision=filled_in(form.decision.data),
            reason=form.reason.data,
        )

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.file.open_disagreement else (Missing(NOT_HERE, None),)

    def shown(self) -> dict[str, Any]:
        found = self.file.open_disagreement
        ids = (found.first_id, found.second_id) if found else ()
        return super().shown() | {
            "answers": [each for each in self.file.consultations if each.id in ids],
            "more": max(len(self.file.open_disagreements) - 1, 0),
        }
