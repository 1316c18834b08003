"""Offering a case to another organisation, and taking the offer back."""

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import ConsentSource
from knelpunt.services.referrals import offers
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.referrals.forms import ReferForm
from knelpunt.web.desk.steps.page import StepPage, step_page, term_words
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.forms.forms import VersionedForm

OFFERED_ALREADY = "De zaak is al aan een andere instantie aangeboden."


@step_page("andere-instantie", Permission.TRIAGE_CASE)
class Refer(StepPage[ReferForm]):
    step = steps.REFER
    form_class = ReferForm
    title = "Overdragen aan een andere instantie"
    button = "Bied de zaak aan"
    done = "Vastgelegd. De indiener krijgt bericht."

    @property
    def lead(self) -> str:
        sharing, taking_over = term_words(self.file, Clock.SHARING), term_words(self.file, Clock.REFERRAL)
        return (
            "De indiener hoort van u waar de melding beter past, en waarom. Binnen "
            f"{sharing} zegt de indiener of delen mag. Daarna heeft de andere instantie "
            f"{taking_over} om de zaak over te nemen. Tot dan blijft de zaak hier, en lopen de termijnen door."
        )

    def act(self) -> None:
        form = self.form
        offers.offer(
            self.context,
            self.reference,
            form.version.data,
            organisation=form.organisation.data,
            receiver_name=form.receiver_name.data,
            receiver_email=form.receiver_email.data,
            reason=form.reason.data,
            consent=filled_in(form.consent.data),
        )

    def prefill(self) -> None:
        if self.file.has_contact or self.case.organisation_id is not None:
            self.form.consent.data = ConsentSource.ON_PAGE

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        if self.file.open_referral is not None:
            return (Missing(OFFERED_ALREADY, "andere-instantie/intrekken"),)
        return super().blocked_by


@step_page("andere-instantie/intrekken", Permission.TRIAGE_CASE)
class TakeBackOffer(StepPage[VersionedForm]):
    form_class = VersionedForm
    title = "De zaak zelf houden"
    lead = "De andere instantie en de indiener krijgen bericht dat de zaak bij het loket blijft."
    button = "Trek het aanbod in"
    done = "De zaak blijft bij het loket."

    def act(self) -> None:
        offers.take_back(self.context, self.reference, self.form.version.data)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.file.open_referral is not None else (Missing(offers.NO_OFFER, None),)
