"""The public text of a case: written, read by a second person and by the submitter, published, withdrawn."""

from knelpunt.domain.cases import publication as steps
from knelpunt.domain.permissions import Permission
from knelpunt.services.cases import publication
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.forms import ConfirmForm, PublicTextForm, WithdrawPublicationForm
from knelpunt.web.desk.steps.page import Lines, StepPage, step_page
from knelpunt.web.shared.forms.form_page import FormT
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date


class TextPage(StepPage[FormT]):
    """The page of a step of the public text."""

    text_step: steps.TextStep

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        facts = self.file.text_facts
        obstacle = self.text_step.obstacle(facts)
        where = "toetsing" if facts.has_open_review else None if facts.is_written else "openbare-tekst"
        return (Missing(obstacle, where),) if obstacle else ()

    @property
    def stands_now(self) -> Lines:
        return [("Publicatie", label(self.case.publication))]


class ConfirmPage(TextPage[ConfirmForm]):
    """A step that shows the text and asks nothing."""

    form_class = ConfirmForm
    template = "desk/confirm_text.html"


@step_page("openbare-tekst", Permission.PUBLISH_CASE)
class PublicText(TextPage[PublicTextForm]):
    text_step = steps.WRITE
    form_class = PublicTextForm
    title = "Openbare tekst"
    lead = "Deze tekst staat los van het dossier. Een tweede persoon en de indiener lezen hem eerst."
    button = "Bewaar de tekst"
    done = "De openbare tekst is bewaard."
    template = "desk/public_text.html"

    def act(self) -> None:
        form = self.form
        publication.save_public_text(
            self.context,
            self.reference,
            form.version.data,
            title=form.title.data,
            question=form.question.data,
            answer=form.answer.data,
        )

    def prefill(self) -> None:
        form, text = self.form, self.file.public_text
        if text is not None:
            form.title.data, form.question.data, form.answer.data = text.title, text.question, text.answer

    @property
    def stands_now(self) -> Lines:
        text = self.file.public_text
        return [("Titel", text.title), ("De vraag", text.question), ("Het antwoord", text.answer)] if text else []


@step_page("tekst-toetsen", Permission.PUBLISH_CASE)
class ReviewText(ConfirmPage):
    text_step = steps.REVIEW
    title = "Openbare tekst laten toetsen"
    lead = "Een tweede persoon leest de tekst. Daarna kan die ter inzage naar de indiener."
    button = "Leg voor aan een tweede persoon"
    done = "De tekst ligt nu bij een tweede persoon."

    def act(self) -> None:
        publication.request_text_review(self.context, self.reference, self.form.version.data)


@step_page("ter-inzage", Permission.PUBLISH_CASE)
class Preview(ConfirmPage):
    text_step = steps.START_PREVIEW
    title = "Openbare tekst ter inzage leggen"
    lead = "De indiener krijgt de tekst te lezen en heeft 10 werkdagen om te zeggen wat er anders moet."
    button = "Leg de tekst ter inzage"
    done = "De tekst ligt ter inzage bij de indiener."

    def act(self) -> None:
        publication.start_preview(self.context, self.reference, self.form.version.data)


@step_page("publiceren", Permission.PUBLISH_CASE)
class Publish(ConfirmPage):
    text_step = steps.PUBLISH
    title = "Openbaar maken"
    button = "Maak de tekst openbaar"
    done = "De tekst is openbaar."

    def act(self) -> None:
        publication.publish(self.context, self.reference, self.form.version.data)

    @property
    def lead(self) -> str | None:
        text = self.file.public_text
        if text is not None and text.agreed_on is not None:
            return f"De indiener is akkoord sinds {full_date(text.agreed_on)}."
        if text is not None and text.object_by is not None:
            return f"De indiener kan bezwaar maken tot en met {full_date(text.object_by)}."
        return None


@step_page("publicatie-intrekken", Permission.PUBLISH_CASE)
class WithdrawPublication(TextPage[WithdrawPublicationForm]):
    text_step = steps.WITHDRAW
    form_class = WithdrawPublicationForm
    title = "Publicatie intrekken"
    lead = "De tekst verdwijnt van de openbare pagina. Op die plaats staat voortaan alleen de reden."
    button = "Trek de publicatie in"
    done = "De publicatie is ingetrokken."

    def act(self) -> None:
        publication.withdraw_publication(self.context, self.reference, self.form.version.data, self.form.reason.data)
