"""What a visitor narrows the list of published cases to."""

from collections.abc import Mapping
from datetime import date

from knelpunt.domain.vocabulary import SubmitterKind, Theme, Verdict
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.public.published import PublicFilter
from knelpunt.web.shared.pages.list_filters import ListFilters, by_code, members, municipality_choice, rows
from knelpunt.web.shared.rule_pairs import read_together
from knelpunt.web.shared.texts import _

LIST_PATH, FEED_PATH = "/knelpunten", "/knelpunten.atom"


class Filters(ListFilters):
    """``extras`` are the filters without a field on the page, that another page leads here with."""

    def __init__(self, arguments: Mapping[str, str], path: str, names: Reference) -> None:
        super().__init__(arguments, path)
        self.read_search(lambda text: _("Zoekwoorden: %(search)s", search=text))
        unanswered = self.choice(
            "uitkomst", {"alle": (True, _("Ook zonder antwoord"))}, _("Uitkomst"), _("Met een antwoord")
        )
        theme = self.choice("thema", members(Theme), _("Onderwerp"), _("Alle onderwerpen"))
        submitter = self.choice("indiener", members(SubmitterKind), _("Wie het meldde"), _("Iedereen"))
        verdict = self.choice("oordeel", members(Verdict), _("Oordeel"), _("Elk oordeel"))
        provinces = by_code(names.province_options, lambda id_: names.provinces[id_].code)
        province = self.choice(
            "provincie", rows(names.province_options), _("Provincie"), _("Heel Nederland"), provinces
        )
        place = self.chosen(municipality_choice(names, str, _("Gemeente"), _("Alle gemeenten")))
        laws = by_code(names.law_options, lambda id_: names.laws[id_].key)
        law = self.choice("wet", rows(names.law_options), _("Wet"), _("Alle wetten"), laws)
        together = read_together(arguments)
        if together is not None:
            self.keep(together.name, together.value, together.words)
        first = self.year("vanaf", lambda year: _("Gemeld vanaf %(first)s", first=year))
        last = self.year("tot", lambda year: _("Gemeld tot en met %(last)s", last=year))
        with_field = {"q", *(choice.name for choice in self.choices)}
        self.extras = [(name, text) for name, text in self.texts.items() if name not in with_field]
        self.narrowed = PublicFilter(
            # Pairs of rules are counted over all that is public, and so is what nobody decided yet.
            answered=None if unanswered or together or verdict is Verdict.UNDECIDED else True,
            words=self.words,
            theme=theme,
            submitter_kind=submitter,
            verdict=verdict,
            province_id=province,
            **names.places_of(place),
            law_id=law,
            together=tuple({together.entry: key} for key in together.keys) if together else None,
            filed_from=date(first, 1, 1) if first else None,
            filed_to=date(last, 12, 31) if last else None,
        )
