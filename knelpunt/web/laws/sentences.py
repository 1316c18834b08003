"""Sentences about how a rule stood on a day, in plain Dutch."""

from dataclasses import dataclass
from datetime import date

from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import LawKind
from knelpunt.domain.laws.wordings import first_article, jci
from knelpunt.queries.laws.rows import LawPage
from knelpunt.queries.laws.wordings import ProvisionPage
from knelpunt.web.laws.filters import DayFilter
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.texts import _, lazy_gettext

WETTEN = "https://wetten.overheid.nl"
BASIS = {
    "wet": lazy_gettext("De datums volgen uit de inwerkingtreding van de wet."),
    "tekstversie": lazy_gettext("De datums volgen uit gedateerde versies van de wettekst."),
    "afgeleid": lazy_gettext("De datums zijn afgeleid uit andere bronnen."),
    "geheugen": lazy_gettext("De datums komen uit vakkennis en zijn niet opgezocht."),
}
"""Where the dates of a provision come from, by the catalogue's ``validity_basis``."""
_SUBJECTS = {
    LawKind.WET: lazy_gettext("deze wet"),
    LawKind.AMVB: lazy_gettext("dit besluit"),
    LawKind.MINISTERIELE_REGELING: lazy_gettext("deze regeling"),
    LawKind.EUROPEAN: lazy_gettext("deze Europese regeling"),
}


def _sentence(subject: str, standing: Standing, day: DayFilter) -> str:
    """Each sentence is written whole, so that it can be said in another language."""
    on_day = _("vandaag") if day.on == day.today else _("op %(day)s", day=full_date(day.on))
    rule = subject[0].upper() + subject[1:]
    if day.on < day.today:
        return {
            Standing.UNCERTAIN: _("Het is niet zeker of %(subject)s %(on_day)s gold.", subject=subject, on_day=on_day),
            Standing.HELD: _("%(rule)s gold %(on_day)s.", rule=rule, on_day=on_day),
            Standing.NOT_YET: _("%(rule)s gold %(on_day)s nog niet.", rule=rule, on_day=on_day),
            Standing.ENDED: _("%(rule)s gold %(on_day)s niet meer.", rule=rule, on_day=on_day),
        }[standing]
    return {
        Standing.UNCERTAIN: _("Het is niet zeker of %(subject)s %(on_day)s geldt.", subject=subject, on_day=on_day),
        Standing.HELD: _("%(rule)s geldt %(on_day)s.", rule=rule, on_day=on_day),
        Standing.NOT_YET: _("%(rule)s geldt %(on_day)s nog niet.", rule=rule, on_day=on_day),
        Standing.ENDED: _("%(rule)s geldt %(on_day)s niet meer.", rule=rule, on_day=on_day),
    }[standing]


def law_sentence(page: LawPage, day: DayFilter) -> str:
    """Whether the law was in force: "Deze wet gold op maandag 1 juli 2019."; nothing for a collective name."""
    subject = _SUBJECTS.get(page.kind)
    return _sentence(subject, page.standing, day) if subject else ""


def provision_sentence(page: ProvisionPage, day: DayFilter) -> str:
    """Whether the provision held: "Deze bepaling geldt vandaag."."""
    return _sentence(_("deze bepaling"), page.provision.standing, day)


@dataclass(frozen=True, slots=True)
class TextLinks:
    """Where the text of a day stands, and its ``jci`` name; ``page_path`` is the lasting address of the wording."""

    text_href: str
    jci: str
    page_path: str | None


def text_links(page: ProvisionPage, on: date) -> TextLinks | None:
    """How to find the text that held on a day; None for a rule that has no place in the national register."""
    if page.bwb_id is None:
        return None
    article = first_article(page.wording.articles if page.wording else (), page.provision.article)
    wording = page.wording
    own = f"/wetten/{page.law.key}/{page.provision.key}/{wording.address}" if wording else None
    return TextLinks(
        f"{WETTEN}/{page.bwb_id}/{on.isoformat()}{f'#Artikel{article}' if article else ''}",
        jci(page.bwb_id, article, on),
        own,
    )


def text_href(bwb_id: str, standing: Standing, on: date) -> str:
    """The law's text at wetten.overheid.nl: as it read on the day, where it was in force then."""
    return f"{WETTEN}/{bwb_id}/{on.isoformat()}" if standing is Standing.HELD else f"{WETTEN}/{bwb_id}"
