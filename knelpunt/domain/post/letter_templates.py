"""The letters of which an administrator may change the fixed text: what they say, and what may be filled in where.

A template is paragraphs with places such as ``{uiterlijk}``. A paragraph with a place that stays empty is left out.
Version 1 of each is the text that ships with the site, in every language in which a case can be filed. In Dutch it says
what the mail of that kind says (``services/cases/mail_texts/steps``): change both.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text

TEXT_MAX_CHARACTERS = 10_000
SHIPPED = 1
"""The number of the version that ships with the site."""
_PLACE = re.compile(r"\{([^{}\n]*)\}")
_STRAY = re.compile(r"[{}]")
LEGAL_HEADS = {"nl": "In juridische woorden:", "en": "In legal words:"}
"""What stands above the legal part, by the code of a language."""


@dataclass(frozen=True, slots=True)
class LetterForm:
    """One kind of letter: what it is about, the text that ships, by the code of a language, and the places in it, each
    with what comes there.

    ``needed``: without these the letter would not say what it is for, or until when somebody may act. ``may_be_empty``:
    these stay empty in some letters, and take their paragraph along.
    """

    subject: Text
    shipped: Mapping[str, str]
    places: Mapping[str, str]
    needed: tuple[str, ...]
    may_be_empty: frozenset[str] = frozenset()


_NEXT_STEP = "De zin met de dag waarop het loket weer van zich laat horen"
_PLAIN, _LEGAL = "Het oordeel in gewone woorden", "Het oordeel in juridische woorden"

LETTER_FORMS: Mapping[MailKind, LetterForm] = {
    MailKind.HANDLER_NAMED: LetterForm(
        Text("Uw melding heeft een behandelaar"),
        {
            "nl": (
                "Uw melding wordt behandeld door {behandelaar}.\n\n"
                "Wij bekijken welke regel in de weg staat. Wij kijken ook welke ruimte de regels geven.\n\n"
                "{volgende_stap}"
            ),
            "en": (
                "Your report is handled by {behandelaar}.\n\n"
                "We look which rule stands in the way. We also look what room the rules give.\n\n{volgende_stap}"
            ),
        },
        {"behandelaar": "De naam van de behandelaar", "volgende_stap": _NEXT_STEP},
        ("behandelaar", "volgende_stap"),
    ),
    MailKind.QUESTION: LetterForm(
        Text("Wij hebben een vraag over uw melding"),
        {
            "nl": (
                "Wij hebben nog iets van u nodig.\n\nOnze vraag:\n{vraag}\n\nWaarom wij dit vragen:\n{waarom}\n\n"
                "U bent nu aan zet. Antwoord uiterlijk op {uiterlijk}.\n\n"
                "Tot uw antwoord staat onze termijn stil. Horen wij niets, dan gaan wij verder met wat wij hebben."
            ),
            "en": (
                "We still need something from you.\n\nOur question:\n{vraag}\n\nWhy we ask this:\n{waarom}\n\n"
                "It is your turn now. Answer by {uiterlijk} at the latest.\n\n"
                "Until you answer, our term stands still. If we hear nothing, we go on with what we have."
            ),
        },
        {
            "vraag": "De vraag van de behandelaar",
            "waarom": "Waarom de behandelaar dat vraagt",
            "uiterlijk": "De laatste dag om te antwoorden",
        },
        ("vraag", "uiterlijk"),
    ),
    MailKind.MESSAGE: LetterForm(
        Text("Bericht over uw melding"),
        {
            "nl": ("Wij hebben een bericht voor u.\n\n{bericht}\n\nU hoeft nu niets te doen."),
            "en": ("We have a message for you.\n\n{bericht}\n\nYou do not have to do anything now."),
        },
        {"bericht": "Wat de behandelaar schrijft"},
        ("bericht",),
    ),
    MailKind.VERDICT: LetterForm(
        Text("Ons oordeel over uw melding"),
        {
            "nl": (
                "Wij hebben uw melding beoordeeld. Een tweede medewerker heeft ons oordeel getoetst.\n\n"
                "In gewone woorden:\n{gewoon}\n\nIn juridische woorden:\n{juridisch}\n\n{volgende_stap}"
            ),
            "en": (
                "We have judged your report. A second member of staff has reviewed our verdict.\n\n"
                "In plain words:\n{gewoon}\n\nIn legal words:\n{juridisch}\n\n{volgende_stap}"
            ),
        },
        {"gewoon": _PLAIN, "juridisch": _LEGAL, "volgende_stap": _NEXT_STEP},
        ("gewoon", "volgende_stap"),
    ),
    MailKind.VERDICT_CHANGED: LetterForm(
        Text("Ons oordeel over uw melding is veranderd"),
        {
            "nl": (
                "Wij kijken nu anders naar uw melding. Een tweede medewerker heeft het nieuwe oordeel getoetst.\n\n"
                "In gewone woorden:\n{gewoon}\n\nIn juridische woorden:\n{juridisch}\n\n{volgende_stap}"
            ),
            "en": (
                "We now see your report differently. A second member of staff has reviewed the new verdict.\n\n"
                "In plain words:\n{gewoon}\n\nIn legal words:\n{juridisch}\n\n{volgende_stap}"
            ),
        },
        {"gewoon": _PLAIN, "juridisch": _LEGAL, "volgende_stap": _NEXT_STEP},
        ("gewoon", "volgende_stap"),
    ),
    MailKind.PROPOSAL: LetterForm(
        Text("Ons voorstel voor uw melding"),
        {
            "nl": (
                "Wij hebben een voorstel. Een tweede medewerker heeft het getoetst.\n\nOns voorstel:\n{voorstel}\n\n"
                "Waarop het voorstel steunt:\n{grondslag}\nZo gold dat op {recht_van}.\n\n"
                "Voorwaarden:\n{voorwaarden}\n\n"
                "Wie iets moet doen, en voor wanneer:\n{wie}\nUiterlijk op {voor_wanneer}.\n\n"
                "U bent nu aan zet. Laat uiterlijk op {uiterlijk} weten of het voorstel u helpt.\n\n"
                "U kunt het voorstel aannemen. U kunt ook uitleggen waarom het niet werkt. Dan kijken wij opnieuw."
            ),
            "en": (
                "We have a proposal. A second member of staff has reviewed it.\n\nOur proposal:\n{voorstel}\n\n"
                "What the proposal rests on:\n{grondslag}\nSo it stood on {recht_van}.\n\n"
                "Conditions:\n{voorwaarden}\n\n"
                "Who has to do something, and by when:\n{wie}\nBy {voor_wanneer} at the latest.\n\n"
                "It is your turn now. Let us know by {uiterlijk} at the latest whether the proposal helps you.\n\n"
                "You can accept the proposal. You can also explain why it does not work. Then we look at it again."
            ),
        },
        {
            "voorstel": "Het voorstel",
            "grondslag": "De juridische grondslag",
            "recht_van": "De dag waarvan het recht geldt",
            "voorwaarden": "De voorwaarden; de alinea valt weg als er geen zijn",
            "wie": "Wie iets moet doen",
            "voor_wanneer": "Voor wanneer dat moet",
            "uiterlijk": "De laatste dag om te reageren",
        },
        ("voorstel", "uiterlijk"),
        frozenset({"voorwaarden"}),
    ),
    MailKind.CLOSED: LetterForm(
        Text("Wij hebben uw melding afgesloten"),
        {
            "nl": (
                "Wij hebben uw melding afgesloten. Een tweede medewerker heeft dat getoetst.\n\n"
                "Het resultaat:\n{resultaat}\n\nDe reden:\n{reden}\n\nWat nu de volgende stap is:\n{volgende_stap}\n\n"
                "Bent u het er niet mee eens? Vraag dan om een heroverweging. "
                "Een andere behandelaar kijkt dan opnieuw. Dat kan tot en met {uiterlijk}.\n\n{hoe_vragen}"
            ),
            "en": (
                "We have closed your report. A second member of staff has reviewed that.\n\n"
                "The result:\n{resultaat}\n\nThe reason:\n{reden}\n\nWhat the next step is now:\n{volgende_stap}\n\n"
                "Do you disagree? Then ask for reconsideration (heroverweging). "
                "Another handler then looks at it again. You can ask until {uiterlijk}.\n\n{hoe_vragen}"
            ),
        },
        {
            "resultaat": "Hoe de zaak eindigde",
            "reden": "De reden",
            "volgende_stap": "De volgende stap",
            "uiterlijk": "De laatste dag om een heroverweging te vragen",
            "hoe_vragen": "Hoe de lezer dat doet: op de pagina, of op papier per telefoon of brief",
        },
        ("resultaat", "reden", "uiterlijk", "hoe_vragen"),
    ),
    MailKind.SECOND_HANDLER: LetterForm(
        Text("Wie uw melding opnieuw bekijkt"),
        {
            "nl": (
                "{aanleiding}\n\nWaarom wij dat doen:\n{reden}\n\n"
                "{behandelaar} bekijkt uw melding opnieuw. Wie haar eerst behandelde, doet daar niet aan mee.\n\n"
                "{volgende_stap}"
            ),
            "en": (
                "{aanleiding}\n\nWhy we do that:\n{reden}\n\n"
                "{behandelaar} looks at your report again. Whoever handled it first takes no part in that.\n\n"
                "{volgende_stap}"
            ),
        },
        {
            "aanleiding": "Dat het loket zelf opnieuw kijkt; valt weg als de indiener erom vroeg",
            "reden": "Waarom het hoofd van het loket opnieuw laat kijken; valt weg als de indiener erom vroeg",
            "behandelaar": "De naam van de tweede behandelaar",
            "volgende_stap": _NEXT_STEP,
        },
        ("reden", "behandelaar", "volgende_stap"),
        frozenset({"aanleiding", "reden"}),
    ),
    MailKind.SECOND_LOOK_OUTCOME: LetterForm(
        Text("De uitkomst van de heroverweging"),
        {
            "nl": (
                "Een andere behandelaar bekeek uw melding opnieuw. Het hoofd van het loket is akkoord met de "
                "uitkomst.\n\n{uitkomst}\n\n{punten}\n\nDe reden:\n{reden}\n\n{zelf_vragen}\n\n{verder}"
            ),
            "en": (
                "Another handler looked at your report again. The head of the desk agrees with the "
                "outcome.\n\n{uitkomst}\n\n{punten}\n\nThe reason:\n{reden}\n\n{zelf_vragen}\n\n{verder}"
            ),
        },
        {
            "uitkomst": "Wat de uitkomst is",
            "punten": "Elk punt van de indiener met het antwoord",
            "reden": "De reden",
            "zelf_vragen": "Tot wanneer de indiener zelf een heroverweging kan vragen; valt weg als dat niet meer kan",
            "verder": "Wanneer er een nieuw voorstel komt, of dat dit geen besluit is en waar de indiener kan klagen",
        },
        ("uitkomst", "punten", "reden", "zelf_vragen", "verder"),
        frozenset({"zelf_vragen"}),
    ),
    MailKind.REOPENED: LetterForm(
        Text("Wij openen uw melding opnieuw"),
        {
            "nl": (
                "Uw melding was afgesloten. Wij gaan er opnieuw mee aan de slag.\n\n"
                "Waarom wij dat doen:\n{reden}\n\n{volgende_stap}"
            ),
            "en": (
                "Your report was closed. We are going to work on it again.\n\n"
                "Why we do that:\n{reden}\n\n{volgende_stap}"
            ),
        },
        {"reden": "Waarom de zaak weer open gaat", "volgende_stap": _NEXT_STEP},
        ("reden", "volgende_stap"),
    ),
    MailKind.REOPENING_DECLINED: LetterForm(
        Text("Wij openen uw melding niet opnieuw"),
        {
            "nl": (
                "U vroeg op {gevraagd_op} of wij uw melding opnieuw openen. Dat doen wij niet.\n\n"
                "De reden:\n{reden}\n\n"
                "Is er iets nieuws? Schrijf dat dan op de pagina van uw melding, of doe een nieuwe melding."
            ),
            "en": (
                "On {gevraagd_op} you asked us to open your report again. We will not do that.\n\n"
                "The reason:\n{reden}\n\n"
                "Is there anything new? Then write it on the page of your report, or make a new report."
            ),
        },
        {"gevraagd_op": "De dag waarop de indiener dat vroeg", "reden": "Waarom de zaak gesloten blijft"},
        ("reden",),
    ),
}
"""The letters at the steps that a person takes."""


def check(kind: MailKind, text: str, *, is_whole: bool) -> None:
    """Refuse a place that does not exist, at its line, and a text in which a needed one is missing, or would be in some
    letters because it shares its paragraph with a place that may stay empty.

    Args:
        is_whole: the text is the letter itself, which needs all that is needed; a legal part beside it does not.
    Raises:
        DomainError: what is wrong first, with the line and what may stand there.
    """
    form = LETTER_FORMS[kind]
    choices = ", ".join(f"{{{name}}}" for name in form.places)
    for number, line in enumerate(text.splitlines(), start=1):
        for name in _PLACE.findall(line):
            if name not in form.places:
                raise DomainError(f"Regel {number}: {{{name}}} bestaat hier niet. Kies uit: {choices}.")
        if _STRAY.search(_PLACE.sub("", line)):
            raise DomainError(f"Regel {number}: er staat een losse accolade. Een invulplek ziet er zo uit: {{naam}}.")
    missing = [name for name in form.needed if f"{{{name}}}" not in text] if is_whole else []
    if missing:
        raise DomainError(f"In deze brief moet nog staan: {', '.join(f'{{{name}}}' for name in missing)}.")
    if is_whole:
        _check_alone(form, [frozenset(_PLACE.findall(paragraph)) for paragraph in _paragraphs(text)])


def _check_alone(form: LetterForm, paragraphs: list[frozenset[str]]) -> None:
    """Raise where a needed place goes away with its paragraph."""
    for name in form.needed:
        beside = [(places & form.may_be_empty) - {name} for places in paragraphs if name in places]
        if all(beside):
            other = min(beside[0])
            raise DomainError(
                f"Zet {{{name}}} en {{{other}}} elk in een eigen alinea. Soms blijft {{{other}}} leeg, en dan valt de "
                "hele alinea weg."
            )


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())


def filled(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The paragraphs of a letter, without those of which a place stays empty. What is filled in is never read again."""
    return tuple(
        _PLACE.sub(lambda found: values.get(found[1], found[0]), paragraph)
        for paragraph in _paragraphs(text)
        if all(values.get(name, "").strip() for name in _PLACE.findall(paragraph))
    )
