"""What the style page fills the components with: made values, and no case that exists."""

from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.validators import DataRequired

from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import RoomType
from knelpunt.domain.vocabulary import Theme
from knelpunt.queries.laws.stacking import RulePair, StackedRule
from knelpunt.web.shared.charts.charts import DurationRow, LineChart, Times, duration_row, line_chart
from knelpunt.web.shared.charts.rule_matrix import RuleMatrix, rule_matrix
from knelpunt.web.shared.forms.forms import (
    BaseForm,
    CheckboxGroupField,
    Chosen,
    DateField,
    EnumField,
    YesNoField,
    choices,
)
from knelpunt.web.shared.pages.list_filters import ListFilters


class SampleForm(BaseForm):
    """One field of each kind."""

    class Meta(BaseForm.Meta):
        csrf = False

    title = StringField("Titel", [DataRequired()], description="Zeg in één zin wat u wilt doen.")
    story = TextAreaField("Wat houdt u tegen?", render_kw={"rows": 3})
    theme = EnumField("Onderwerp", [Chosen()], kind=Theme)
    refused_on = DateField("Dag van de weigering", description="Bijvoorbeeld 24-11-2026.")
    is_known = YesNoField("Weet u welke regel het is?", [Chosen()])
    helpers = CheckboxGroupField("Wie doet er mee?", choices=choices([("buren", "Buren"), ("school", "Een school")]))
    may_share = BooleanField("Het loket mag mijn melding delen", description="Alleen met wie kan helpen.")
    upload = FileField("Bijlage", description="PDF, ODT, DOCX, JPEG of PNG, ten hoogste 10 MB.")


class FollowForm(BaseForm):
    """An address to send news to."""

    class Meta(BaseForm.Meta):
        csrf = False

    email = StringField("Uw e-mailadres", [DataRequired()], description="Hierheen gaat het nieuws.")


def follow_form(prefix: str) -> FollowForm:
    """An empty form for following something by mail."""
    return FollowForm(formdata=None, prefix=prefix)


def sample_form(prefix: str) -> SampleForm:
    """An empty form; the prefix keeps the ids of two forms on a page apart."""
    return SampleForm(formdata=None, prefix=prefix)


def wrong_form(prefix: str) -> SampleForm:
    """The same form with an error at every field that can have one."""
    form = sample_form(prefix)
    errors = {
        form.title: "Vul een titel in.",
        form.story: "Schrijf op wat u tegenhoudt.",
        form.theme: "Kies een onderwerp.",
        form.refused_on: "Vul een datum in die bestaat.",
        form.is_known: "Kies ja of nee.",
        form.helpers: "Kies wie er meedoet.",
        form.may_share: "Zet een vinkje als het loket de melding mag delen.",
        form.upload: "Dit bestand is te groot. Kies een bestand van ten hoogste 10 MB.",
    }
    for field, message in errors.items():
        field.errors = [message]
    return form


def clocks(today: date) -> list[tuple[int | None, bool, date | None, str]]:
    """Days left, whether the clock stands still, until when it runs or stands still, and the state in words."""
    rows: list[tuple[int | None, bool, int, str]] = [
        (12, False, 12, "Ruim op tijd"),
        (2, False, 2, "Bijna om"),
        (0, False, 0, "Vandaag"),
        (-3, False, -3, "Te laat"),
        (8, True, 20, "Staat stil"),
    ]
    return [(left, suspended, today + timedelta(days=days), words) for left, suspended, days, words in rows]


def read_day(today: date, error: str | None = None) -> dict[str, Any]:
    """A day that was asked for; with an error, one that cannot be read."""
    on = today if error else date(2019, 7, 1)
    return {
        "on": on,
        "today": today,
        "error": error,
        "is_chosen": error is None,
        "field_value": ("31", "2", "2026") if error else on.isoformat(),
    }


def provision(standing: Standing, room: RoomType) -> dict[str, Any]:
    """A provision that leads to the catalogue, in one of its standings."""
    return {
        "citation": "Proefwet, artikel 1",
        "law_key": "proefwet",
        "key": "proefwet-1",
        "instrument": "Afwijken met een vergunning",
        "room_type": room,
        "standing": standing,
        "period": "sinds 1 januari 2024",
    }


def charts() -> dict[str, LineChart]:
    """Lines in every state: one, several, a gap where a number is too small, one point, many points, none."""
    labels = [f"{number}e kwartaal {year}" for year in (2025, 2026) for number in (1, 2, 3, 4)]
    short = [f"{number}e ’{year % 100}" for year in (2025, 2026) for number in (1, 2, 3, 4)]
    series = (
        ("Ontvangen", (12, 15, 9, 21, 18, 24, 30, 11)),
        ("Afgehandeld", (8, 14, 12, 15, 19, 22, 26, 9)),
        ("Open", (20, 21, 18, 24, 23, 25, 29, 31)),
        ("Te laat", (2, 1, 0, 3, 2, 2, 1, 0)),
    )
    long = [f"maand {number}" for number in range(1, 61)]
    waves = [20 + 15 * ((number * 7) % 11) // 5 for number in range(60)]
    return {
        "one": line_chart(labels, series[:1], short_labels=short, is_running=True),
        "three": line_chart(labels, series[:3], short_labels=short, is_running=True),
        "four": line_chart(labels, series, short_labels=short),
        "gap": line_chart(labels, [("Ontvangen", (7, 9, None, 8, 12, 6, None, 10))], short_labels=short),
        "point": line_chart(labels[:1], [("Ontvangen", (4,))], short_labels=short[:1]),
        "many": line_chart(
            long,
            [("Ontvangen", waves)],
            short_labels=[words if not place % 12 else "" for place, words in enumerate(long)],
        ),
        "none": line_chart((), [("Ontvangen", ())]),
    }


def matrices() -> dict[str, RuleMatrix]:
    """Rules named together: few, many with conflicts and large numbers, and a single pair."""
    rules = [
        StackedRule(number, f"wet-{number}", f"wet-{number}", f"Wet over voorbeeld {number}", None, None, None)
        for number in range(1, 16)
    ]

    def pairs(count: int, size: int) -> list[RulePair]:
        return [
            RulePair(one, other, (one.id * other.id * size) % 41 + 1, one.id % 3, 1, "KNP-2026-00001", date(2026, 1, 1))
            for place, other in enumerate(rules[:count])
            for one in rules[:place]
            if (one.id + other.id) % 4
        ]

    return {
        name: rule_matrix(pairs(count, size), lambda _pair: "/wetten/samenloop")
        for name, count, size in (("few", 5, 1), ("many", 15, 7), ("one", 2, 0))
    }


def durations() -> list[DurationRow]:
    """How long something took: few, many, none too late, nothing yet, and too few to show."""
    rows = (
        Times("Enkele keren", 7, 2, (2, 3, 5, 8, 10), (2, 3, 3, 5, 5, 9, 11), (7, 9)),
        Times("Vaak", 412, 38, (12, 21, 38, 55, 88), (), (70, 72)),
        Times("Altijd op tijd", 60, 0, (1, 2, 3, 4, 5), (), (14, 14)),
        Times("Nog nooit", 0, 0),
        Times("Te weinig", 2, 0, (1, 1, 2, 3, 3), (1, 3), (7, 7), is_hidden=True),
    )
    return [duration_row(row) for row in rows]


def quarter_days(today: date) -> list[dict[str, Any]]:
    """A day that went by and one that comes; the links stay on the page."""
    quarter = {"number": 3, "year": today.year}
    return [
        {"quarter": quarter, "what": what, "due_on": today + timedelta(days=days), "path": "#quarter_days"}
        for what, days in (("nakijken", -2), ("verzegelen", 6))
    ]


def asked_days() -> ListFilters:
    """Filters of a list in which a day was typed that is there."""
    asked = ListFilters({"van-dag": "1", "van-maand": "1", "van-jaar": "2026"}, "/zaken")
    asked.day("van", lambda day: f"Vanaf {day}")
    return asked
