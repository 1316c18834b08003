"""What colleagues are told of on the page Meldingen, in words, and how long that is kept."""

from datetime import timedelta

from knelpunt.domain.mail_kinds import MailKind

KEPT = timedelta(days=90)
WORDS = {
    MailKind.MENTIONED: "noemde u in een notitie",
    MailKind.ASSIGNED: "wees u aan als behandelaar",
    MailKind.TASK_GIVEN: "gaf u een taak",
    MailKind.TASK_DUE: "Een taak moet klaar",
    MailKind.REOPENED_FOR_YOU: "opende een zaak opnieuw",
    MailKind.REVIEW_ASKED: "vroeg een toets van een tweede persoon",
    MailKind.REVIEW_GIVEN_BACK: "gaf een stap aan u terug",
    MailKind.TEXT_REVIEWED: "toetste de openbare tekst",
    MailKind.SUBMITTER_REACTED: "De indiener heeft gereageerd",
    MailKind.TERM_OVER: "Een termijn van de indiener is voorbij",
    MailKind.CLOCK_OVER: "Een termijn van het loket is voorbij",
    MailKind.LETTER_LIES: "Een bericht aan de indiener ligt nog bij het loket",
    MailKind.MAIL_ASKS: "Een mail wacht op een besluit",
    MailKind.BOTTLENECK_ERRATUM_DESK: "Nieuws over een regel klopte niet",
    MailKind.BOTTLENECK_CASE_DECIDED: "Er is besloten of de zaak bij een regelknelpunt hoort",
    MailKind.CONSULTATION_NEWS: "Nieuws over een vraag aan een ministerie",
    MailKind.REFERRAL_NEWS: "Nieuws over een overdracht",
    MailKind.SECOND_LOOK_WAITS: "Een indiener vraagt een heroverweging",
    MailKind.SECOND_LOOK_GIVEN: "wees u aan als tweede behandelaar",
}
"""Every kind; those with a small first letter are the acts of a colleague, whose name stands before them."""
PLACES = {
    MailKind.MENTIONED: "#notities",
    MailKind.TASK_GIVEN: "#taken",
    MailKind.TASK_DUE: "#taken",
    MailKind.REVIEW_ASKED: "/toetsing",
    MailKind.SUBMITTER_REACTED: "#berichten",
    MailKind.TERM_OVER: "#termijnen",
    MailKind.CLOCK_OVER: "#termijnen",
    MailKind.MAIL_ASKS: "#berichten",
    MailKind.CONSULTATION_NEWS: "#ministeries",
    MailKind.REFERRAL_NEWS: "#overdracht",
}
"""Where in a case it is about, behind the address of the case."""


def told(kind: MailKind, actor: str | None) -> str:
    """What happened, in one line."""
    words = WORDS[kind]
    return f"{actor or 'Een collega'} {words}" if words[0].islower() else words
