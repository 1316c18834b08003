"""The public text of a case: written, read by a second person and by the submitter, published, withdrawn."""

from functools import cached_property
from typing import Any

from flask import url_for

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import publication as steps
from knelpunt.domain.cases.words import facts_beside, rules_beside
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.redaction.checks import in_words
from knelpunt.domain.vocabulary import PublicationStatus
from knelpunt.extensions import db
from knelpunt.queries.cases.letters import has_unsent
from knelpunt.queries.core.reference import reference
from knelpunt.services.cases import publication
from knelpunt.services.cases.redaction import REVIEW_AGAIN, fields_of, found_in
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.forms import PublicTextForm, ReviewTextForm, WithdrawPublicationForm
from knelpunt.web.desk.steps.page import Lines, StepPage, message_to, step_page, term_words
from knelpunt.web.desk.steps.routes_redaction import text_finds
from knelpunt.web.shared.forms.form_page import FormT
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date


class TextPage(StepPage[FormT]):
    """The page of a step of the public text."""

    text_step: steps.TextStep
    may_be_passed = True
    """Whether the step may be taken with something in the text that points at a person: a second person still sees
    it."""

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        facts = self.file.text_facts
        obstacle = self.text_step.obstacle(facts)
        if obstacle:
            where = "toetsing" if facts.has_open_review else None if facts.is_written else "openbare-tekst"
            return (Missing(obstacle, where),)
        told = [] if self.may_be_passed else self.told
        return tuple(Missing(words, None) for words in ([*told, REVIEW_AGAIN] if told else []))

    @cached_property
    def told(self) -> list[str]:
        """What in the text points at a person, and no second person let stand yet."""
        return in_words(text_finds(self.file), steps.FIELDS)

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"told": self.told}

    @property
    def stands_now(self) -> Lines:
        return [("Publicatie", label(self.case.publication))]


class ShownPage(TextPage[FormT]):
    """A step that shows the text as it will be public: as the submitter saw it while it lies there, else as of now."""

    template = "desk/confirm_text.html"

    def shown(self) -> dict[str, Any]:
        text = self.file.public_text
        seen = text.shown if text is not None and self.case.publication is PublicationStatus.PREVIEW else None
        beside = seen or self.file.beside_text
        return super().shown() | {
            "rules_beside": rules_beside(beside),
            "facts_beside": facts_beside(beside, reference(db.session).municipality_names),
        }


class ConfirmPage(ShownPage[VersionedForm]):
    """A step that shows the text and asks nothing."""

    form_class = VersionedForm


@step_page("openbare-tekst", Permission.PUBLISH_CASE)
class PublicText(TextPage[PublicTextForm]):
    text_step = steps.WRITE
    form_class = PublicTextForm
    title = "Openbare tekst"
    lead = "Deze tekst staat los van het dossier. Een tweede persoon en de indiener lezen hem eerst."
    button = "Bewaar de tekst"
    done = "De openbare tekst is bewaard."
    template = "desk/public_text.html"

    is_clear = True

    def act(self) -> str | None:
        form = self.form
        text = publication.save_public_text(
            self.context,
            self.reference,
            form.version.data,
            title=form.title.data,
            question=form.question.data,
            answer=form.answer.data,
            next_step=form.next_step.data or "",
        )
        case = self.file.case
        fields = fields_of(
            text,
            self.file.beside_text["provisions"],
            source_title=case.source_title,
            municipality_then=case.municipality_then,
        )
        self.is_clear = not found_in(db.session, text.case_id, fields)
        return None if self.is_clear else "De openbare tekst is bewaard. Kijk nog naar wat is gemarkeerd."

    @property
    def back(self) -> str:
        return super().back if self.is_clear else url_for("desk.text_beside_file", reference=self.reference)

    def prefill(self) -> None:
        form, text = self.form, self.file.public_text
        if text is not None:
            form.title.data, form.question.data, form.answer.data = text.title, text.question, text.answer
            form.next_step.data = text.next_step or ""

    @property
    def stands_now(self) -> Lines:
        text = self.file.public_text
        if text is None:
            return []
        return [
            ("Titel", text.title),
            ("De vraag", text.question),
            ("Het antwoord", text.answer),
            ("De volgende stap", text.next_step),
        ]


@step_page("tekst-toetsen", Permission.PUBLISH_CASE)
class ReviewText(ShownPage[ReviewTextForm]):
    text_step = steps.REVIEW
    form_class = ReviewTextForm
    title = "Openbare tekst laten toetsen"
    button = "Leg voor aan een tweede persoon"
    done = "De tekst ligt nu bij een tweede persoon."

    def offer(self) -> None:
        if self.case.publication is not PublicationStatus.PUBLIC:
            del self.form.change

    def act(self) -> None:
        change = self.form.change.data if "change" in self.form else None
        publication.request_text_review(self.context, self.reference, self.form.version.data, change or "")

    @property
    def lead(self) -> str | None:
        if self.case.publication is not PublicationStatus.PUBLIC:
            return "Een tweede persoon leest de tekst. Daarna kan die ter inzage naar de indiener."
        return (
            "Een tweede persoon leest de wijziging. Is die akkoord, dan staat zij meteen op de openbare pagina, met de "
            "dag en met wat er is gewijzigd."
        )


@step_page("ter-inzage", Permission.PUBLISH_CASE)
class Preview(ConfirmPage):
    text_step = steps.START_PREVIEW
    may_be_passed = False
    title = "Openbare tekst ter inzage leggen"
    button = "Leg de tekst ter inzage"
    done = "De tekst ligt ter inzage bij de indiener."

    def act(self) -> None:
        publication.start_preview(self.context, self.reference, self.form.version.data)

    @property
    def lead(self) -> str:
        term = term_words(self.file, Clock.PREVIEW)
        return f"De indiener krijgt de tekst te lezen en heeft {term} om te zeggen wat er anders moet."


@step_page("inzage-stoppen", Permission.PUBLISH_CASE)
class StopPreview(ConfirmPage):
    text_step = steps.STOP_PREVIEW
    title = "Inzage stoppen"
    button = "Stop de inzage"
    done = "De inzage is gestopt. U kunt de tekst aanpassen en opnieuw ter inzage leggen."

    def act(self) -> None:
        publication.stop_preview(self.context, self.reference, self.form.version.data)

    @property
    def lead(self) -> str:
        if has_unsent(db.session, self.case.id, MailKind.PREVIEW):
            return "De brief met de tekst is nog niet weg. Hij gaat uit de lijst met post, en de indiener hoort niets."
        return (
            "De indiener ziet de tekst dan niet meer. Leg hem daarna opnieuw ter inzage. De indiener krijgt "
            f"{message_to(self.file)}."
        )


@step_page("niet-openbaar", Permission.PUBLISH_CASE)
class KeepBack(ConfirmPage):
    text_step = steps.KEEP_BACK
    title = "Tekst niet openbaar maken"
    button = "Maak de tekst niet openbaar"
    done = "De tekst wordt niet openbaar."

    def act(self) -> None:
        publication.keep_back(self.context, self.reference, self.form.version.data)

    @property
    def lead(self) -> str:
        return (
            "De indiener maakte bezwaar tegen deze tekst. Past u de tekst niet aan? Leg dan hier vast dat hij niet "
            f"openbaar wordt. De indiener krijgt {message_to(self.file)}."
        )


@step_page("publiceren", Permission.PUBLISH_CASE)
class Publish(ConfirmPage):
    text_step = steps.PUBLISH
    may_be_passed = False
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
    works_when_archived = True
    form_class = WithdrawPublicationForm
    title = "Publicatie intrekken"
    lead = "De tekst verdwijnt van de openbare pagina. Op die plaats staat voortaan alleen de reden."
    button = "Trek de publicatie in"
    done = "De publicatie is ingetrokken."

    def act(self) -> None:
        publication.withdraw_publication(self.context, self.reference, self.form.version.data, self.form.reason.data)
