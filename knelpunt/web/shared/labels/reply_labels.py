"""The words for what the desk writes down for a submitter, and how it came in; ``labels.label`` finds them."""

from knelpunt.domain.cases.replies import Reaction, ReplyChannel

REPLY_CHANNEL = {
    ReplyChannel.TELEPHONE: "Per telefoon",
    ReplyChannel.LETTER: "Per brief",
    ReplyChannel.COUNTER: "Aan de balie",
}
REACTION = {
    Reaction.ANSWER: "Antwoord op onze vraag",
    Reaction.ACCEPT: "Het voorstel helpt: de indiener neemt het aan",
    Reaction.REFUSE: "Het voorstel helpt niet",
    Reaction.OBJECT: "De openbare tekst moet anders",
    Reaction.ADD: "Iets anders: een toevoeging aan de melding",
}
