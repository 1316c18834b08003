"""The two days that the rules of a case are compared on, from the address: ``op=toen``, ``op=vandaag``, ``datum=``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request

from knelpunt.domain.laws.dates import typed_day
from knelpunt.queries.laws.rules_compared import Outcome
from knelpunt.web.shared.forms.forms import clean_text
from knelpunt.web.shared.pages.list_filters import day_typed
from knelpunt.web.shared.requests.access import today_in_nl
from knelpunt.web.shared.texts import lazy_gettext, said

THEN, TODAY = "toen", "vandaag"
OUTCOME_WORDS = {
    Outcome.SAME: lazy_gettext("Geldt nog zo"),
    Outcome.WIDENED: lazy_gettext("Verruimd"),
    Outcome.CHANGED: lazy_gettext("Gewijzigd"),
    Outcome.MOVED: lazy_gettext("Overgegaan in een andere regel"),
    Outcome.ENDED: lazy_gettext("Vervallen"),
    Outcome.BEGAN: lazy_gettext("Gold toen nog niet, nu wel"),
    Outcome.NOT_YET: lazy_gettext("Geldt nog niet"),
    Outcome.UNCERTAIN: lazy_gettext("Niet zeker"),
}


@dataclass(frozen=True, slots=True)
class ComparedDays:
    """The day of the case's law, and the day it is held against. ``error`` says what is wrong with the
    ``parts`` of a typed day."""

    then: date
    on: date
    today: date
    parts: Sequence[str] = ("", "", "")
    error: str | None = None

    @property
    def is_then(self) -> bool:
        """Whether only the rules of then are asked for."""
        return self.on == self.then

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def field_value(self) -> str | Sequence[str]:
        return self.parts if self.error else self.on.isoformat()

    @property
    def status(self) -> int:
        return 422 if self.error else 200


def compared_days(then: date) -> ComparedDays:
    """The days in the address; without one, or with one that cannot be read, the other day is today."""
    today = today_in_nl()
    typed = day_typed(request.args, "datum")
    if typed.text:
        try:
            return ComparedDays(then, typed_day(clean_text(typed.text) or ""), today)
        except ValueError as error:
            return ComparedDays(then, today, today, typed.parts, said(error.args[0]))
    return ComparedDays(then, then if request.args.get("op") == THEN else today, today)
