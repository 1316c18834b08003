"""A case and its rule: putting it under a rule bottleneck, closing it there, and opening a closed case again."""

from functools import cached_property
from typing import Any

from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.cases import resolution
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.forms import BottleneckForm, LinkedClosingForm, ReopenForm
from knelpunt.web.desk.steps.page import LATER, LetterPage, Lines, StepPage, message_to, step_page
from knelpunt.web.shared.forms.forms import choices
from knelpunt.web.shared.labels.labels import label

NAMED_THERE = "Dit staat daar al openbaar. Wie over de zaak beslist, kijkt er ook naar."
NOBODY_DECIDES = "Dit staat daar al openbaar. Nu mag niemand anders beslissen. De beheerders krijgen daarover een mail."


@step_page("regelknelpunt", Permission.HANDLE_CASE)
class LinkBottleneck(StepPage[BottleneckForm]):
    """Put a case under a rule bottleneck."""

    form_class = BottleneckForm
    title = "Bij een regelknelpunt zetten"
    lead = "Doe dit als dezelfde regel meer projecten tegenhoudt. De indiener hoort dan elk nieuws over de regel."
    button = "Zet de zaak bij dit regelknelpunt"
    done = "De zaak staat bij het regelknelpunt. De eigenaar beslist of die daar hoort."
    template = "desk/link_bottleneck.html"

    def offer(self) -> None:
        self.form.bottleneck.choices = choices([("", "Kies een regelknelpunt"), *bottlenecks.open_choices(db.session)])

    def act(self) -> str | None:
        number = self.form.bottleneck.data.strip().upper()
        link = bottleneck_links.propose_link(
            self.context, self.reference, self.form.version.data, number, self.form.why.data or ""
        )
        told = bottleneck_links.standing_of(db.session, link.bottleneck_id, self.reference).told
        if not told:
            return None
        others = bottleneck_links.others_who_decide(self.context, link.bottleneck_id, self.reference)
        return f"{self.done} {' '.join(told)} {NAMED_THERE if others else NOBODY_DECIDES}"

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        fits = self.case.status in bottleneck_links.CAN_BE_LINKED
        return () if fits else (Missing(bottleneck_links.NOT_OPEN, None),)

    @property
    def stands_now(self) -> Lines:
        return [(title, label(status)) for _number, title, status in self.under]

    @cached_property
    def under(self) -> tuple[tuple[str, str, LinkStatus], ...]:
        return bottlenecks.bottlenecks_of_case(db.session, self.case.id)

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"under": self.under}


@step_page("afsluiten-met-regelknelpunt", steps.CLOSE_LINKED.permission)
class CloseLinked(StepPage[LinkedClosingForm]):
    """Step 14: close a case whose rule has to move first."""

    step = steps.CLOSE_LINKED
    form_class = LinkedClosingForm
    title = "Afsluiten bij een regelknelpunt"
    button = "Vraag om toetsing"
    done = "De stap wacht op een tweede persoon."
    template = "desk/close.html"

    def offer(self) -> None:
        if not self.file.open_tasks:
            del self.form.leaves_tasks
        self.form.bottleneck.choices = choices(
            (number, f"{title} ({number})")
            for number, title, status in bottlenecks.bottlenecks_of_case(db.session, self.case.id)
            if status is LinkStatus.ACCEPTED
        )

    def act(self) -> None:
        form = self.form
        bottleneck_links.request_linked_closing(
            self.context,
            self.reference,
            form.version.data,
            bottleneck_reference=form.bottleneck.data,
            reason=form.reason.data,
            next_step=form.next_step.data,
            why=form.why.data or "",
            leaves_tasks="leaves_tasks" in form and form.leaves_tasks.data,
        )

    @property
    def lead(self) -> str:
        return (
            f"Kies dit als alleen een andere regel helpt. De indiener krijgt {message_to(self.file)}, en hoort daarna "
            "elk nieuws."
        )


@step_page("heropenen", steps.REOPEN.permission)
class Reopen(LetterPage[ReopenForm]):
    """Step 17: open a closed case again."""

    step = steps.REOPEN
    kind = MailKind.REOPENED
    form_class = ReopenForm
    title = "Zaak opnieuw openen"
    lead = "Doe dit als de regel is veranderd of het project nog vastzit. De tijd voor een voorstel begint opnieuw."
    button = "Open de zaak opnieuw"
    done = "De zaak is weer open. De indiener krijgt bericht."

    def act(self) -> None:
        resolution.reopen(self.context, self.reference, self.form.version.data, self.form.reason.data)

    def letter_values(self) -> dict[str, Any]:
        return {"reason": self.form.reason.data, "next_date": LATER}
