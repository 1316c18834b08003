"""Sentences about how a rule stood on a day, in plain Dutch."""

from datetime import date

from knelpunt.domain.calendar.dutch_dates import date_in_words
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import LawKind
from knelpunt.queries.laws.rows import LawPage, ProvisionPage
from knelpunt.web.laws.asked import AskedDay

WETTEN = "https://wetten.overheid.nl"
BASIS = {
    "wet": "De datums volgen uit de inwerkingtreding van de wet.",
    "tekstversie": "De datums volgen uit gedateerde versies van de wettekst.",
    "afgeleid": "De datums zijn afgeleid uit andere bronnen.",
    "geheugen": "De datums komen uit vakkennis en zijn niet opgezocht.",
}
"""Where the dates of a provision come from, by the catalogue's ``validity_basis``."""
_SUBJECTS = {
    LawKind.WET: "deze wet",
    LawKind.AMVB: "dit besluit",
    LawKind.MINISTERIELE_REGELING: "deze regeling",
    LawKind.EUROPEAN: "deze Europese regeling",
}


def _sentence(subject: str, standing: Standing, day: AskedDay) -> str:
    """Each sentence is written whole, so that it can be said in another language."""
    on_day = "vandaag" if day.on == day.today else f"op {date_in_words(day.on)}"
    rule = subject[0].upper() + subject[1:]
    if day.on < day.today:
        return {
            Standing.UNCERTAIN: f"Het is niet zeker of {subject} {on_day} gold.",
            Standing.HELD: f"{rule} gold {on_day}.",
            Standing.NOT_YET: f"{rule} gold {on_day} nog niet.",
            Standing.ENDED: f"{rule} gold {on_day} niet meer.",
        }[standing]
    return {
        Standing.UNCERTAIN: f"Het is niet zeker of {subject} {on_day} geldt.",
        Standing.HELD: f"{rule} geldt {on_day}.",
        Standing.NOT_YET: f"{rule} geldt {on_day} nog niet.",
        Standing.ENDED: f"{rule} geldt {on_day} niet meer.",
    }[standing]


def law_sentence(page: LawPage, day: AskedDay) -> str:
    """Whether the law was in force: "Deze wet gold op maandag 1 juli 2019."; nothing for a collective name."""
    subject = _SUBJECTS.get(page.kind)
    return _sentence(subject, page.standing, day) if subject else ""


def provision_sentence(page: ProvisionPage, day: AskedDay) -> str:
    """Whether the provision held: "Deze bepaling geldt vandaag."."""
    return _sentence("deze bepaling", page.provision.standing, day)


def text_href(bwb_id: str, standing: Standing, on: date) -> str:
    """The law's text at wetten.overheid.nl: as it read on the day, where it was in force then."""
    return f"{WETTEN}/{bwb_id}/{on.isoformat()}" if standing is Standing.HELD else f"{WETTEN}/{bwb_id}"
