"""What the site promises people, once: the page that tells it, its count and the tests of all texts read this table."""

from dataclasses import dataclass
from enum import StrEnum

from knelpunt.domain.bottlenecks import BottleneckStep
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind


class Count(StrEnum):
    """How it is counted whether a promise is kept, where no clock of a case tells it."""

    REPLIED_BEFORE_END = "antwoord-van-een-mens"
    AFTERCARE = "nazorg"
    SHOWN_BEFORE_PUBLIC = "openbaar-na-inzage"
    BOTTLENECK_NEWS = "nieuws-over-regels"
    BOTTLENECK_OWNER = "ministerie-voor-regel"


ENOUGH_FOR_TENTHS = 100
"""From so many times on a tenth stands for at least ten of them, so that it leaves open how a few cases went."""


class HowOften(StrEnum):
    """How often a promise was kept, as everybody reads it.

    No number of times: from that, with the figures of the quarter, it can follow how a single case went. Beside how
    often it was late a word narrows that too, and that it was late every time tells it. So of a sealed quarter there is
    no word where its edition hides how often the clock stopped. ``tenths_of`` says more where it was owed often.
    """

    NOT_OWED = "niet-aan-de-orde"
    EVERY_TIME = "elke-keer"
    MOSTLY = "meestal"
    SOMETIMES = "soms"
    NEVER = "nooit"

    @classmethod
    def of(cls, owed: int, kept: int) -> "HowOften":
        if not owed:
            return cls.NOT_OWED
        if kept == owed:
            return cls.EVERY_TIME
        if not kept:
            return cls.NEVER
        return cls.MOSTLY if 2 * kept > owed else cls.SOMETIMES


def tenths_of(owed: int, kept: int) -> int | None:
    """In how many of ten times a promise was kept, about; None where that tells too much, or a word says it all."""
    if owed < ENOUGH_FOR_TENTHS or kept in (0, owed):
        return None
    return min(max(round(10 * kept / owed), 1), 9)


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Args:
        clock: the runs of this clock tell how often it was kept.
        term: whose term it is, where no run of a case tells it.
        count: how else it is counted. Without a clock and a count the site itself lets it be no other way.
        steps: the steps by which it is kept. A promise without a step that the workflow has is refused by a test.
        said: how pages and letters say it, as patterns in small letters.
    """

    key: str
    title: Text
    sentence: Text
    steps: tuple[EventKind | BottleneckStep, ...]
    said: tuple[str, ...]
    clock: Clock | None = None
    count: Count | None = None
    term: Clock | None = None

    @property
    def timed_by(self) -> Clock | None:
        """The clock whose term holds for it."""
        return self.clock or self.term

    @property
    def is_counted(self) -> bool:
        return self.clock is not None or self.count is not None


PROMISES: tuple[Promise, ...] = (
    Promise(
        "ontvangst",
        Text("U krijgt meteen een bevestiging"),
        Text("Wie iets meldt, krijgt een nummer en leest wat er daarna gebeurt. Dat is één handeling met het melden."),
        (EventKind.FILED,),
        (r"meteen een bevestiging", r"krijgt u binnen een paar minuten de link"),
    ),
    Promise(
        "eerste-reactie",
        Text("Een mens reageert op tijd"),
        Text("U hoort van een medewerker wie uw melding behandelt."),
        (EventKind.TAKEN_IN,),
        (r"hoort dan wie uw melding behandelt", r"hoort nog wie dat is"),
        clock=Clock.K1,
    ),
    Promise(
        "oordeel",
        Text("U hoort op tijd hoe wij het zien"),
        Text("U krijgt ons oordeel over de regel, in gewone woorden en met de wet erbij."),
        (EventKind.HANDLING_STARTED, EventKind.ANSWERED_WITH_GUIDE),
        (r"krijgt ons oordeel", r"hoort hoe wij"),
        clock=Clock.K2,
    ),
    Promise(
        "ministerie",
        Text("Een ministerie antwoordt op tijd"),
        Text("Vragen wij een ministerie iets, dan heeft dat een vaste tijd. Onze eigen tijd loopt gewoon door."),
        (EventKind.CONSULTED, EventKind.CONSULTATION_ANSWERED, EventKind.CONSULTATION_UNANSWERED),
        (r"hoort het als er antwoord is", r"ministerie heeft om onze vraag"),
        clock=Clock.K3,
    ),
    Promise(
        "voorstel",
        Text("U krijgt op tijd een voorstel"),
        Text("U krijgt een voorstel met de wet, de voorwaarden en wie wat doet. U zegt of het helpt."),
        (EventKind.PROPOSED,),
        (r"krijgt een (nieuw )?voorstel",),
        clock=Clock.K4,
    ),
    Promise(
        "afsluiting",
        Text("Na het voorstel krijgt u op tijd een brief"),
        Text(
            "In de afsluitende brief staan het resultaat, de reden en de volgende stap. U krijgt hem ook als u niet op "
            "het voorstel reageert."
        ),
        (EventKind.CLOSED,),
        (r"krijgt onze afsluitende brief", r"krijgt onze brief daarover", r"dat hoort u dan van ons"),
        clock=Clock.CLOSING,
    ),
    Promise(
        "geen-stil-nee",
        Text("Nooit een stil nee"),
        Text("Wij sluiten niets af zonder antwoord van een mens, met een resultaat, een reden en een volgende stap."),
        (EventKind.CLOSED, EventKind.CLOSED_LINKED),
        (r"krijgt altijd antwoord van een mens", r"sluiten niets", r"hoort van ons zodra er nieuws is"),
        count=Count.REPLIED_BEFORE_END,
    ),
    Promise(
        "heroverweging",
        Text("Een ander kijkt opnieuw, op tijd"),
        Text("Bent u het niet eens? Een andere behandelaar kijkt opnieuw. U krijgt op elk punt een antwoord."),
        (EventKind.SECOND_LOOK_ASKED, EventKind.SECOND_LOOK_KEPT, EventKind.SECOND_LOOK_CHANGED),
        (
            r"andere behandelaar",
            r"op elk punt een antwoord",
            r"hoort nu uiterlijk op .* van ons",
            r"hoort wat het loket besluit",
            r"krijgt de uitkomst",
        ),
        clock=Clock.K8,
    ),
    Promise(
        "nazorg",
        Text("Wij vragen later of het project doorging"),
        Text("Na het afsluiten vragen wij twee keer of het project doorging."),
        (EventKind.AFTERCARE_ASKED,),
        (r"na (3|drie) (en|maanden)", r"vragen wij (u )?of (het|uw) project", r"of uw project is doorgegaan"),
        count=Count.AFTERCARE,
    ),
    Promise(
        "openbaar-na-inzage",
        Text("Openbaar wordt alleen wat u zag"),
        Text("U leest de openbare tekst eerst. U kunt zeggen dat u iets anders wilt."),
        (EventKind.PREVIEW_STARTED, EventKind.PUBLISHED),
        (r"leest (u )?de (openbare )?tekst", r"openbare tekst anders wilt"),
        count=Count.SHOWN_BEFORE_PUBLIC,
    ),
    Promise(
        "nieuws-over-regels",
        Text("U hoort elk kwartaal hoe het met een regel staat"),
        Text("Wie een regelknelpunt volgt, hoort ten minste elk kwartaal iets. Ook als er nog niets is veranderd."),
        (BottleneckStep.REPORT,),
        (r"ten minste elke? ", r"weer hoort hoe het staat"),
        count=Count.BOTTLENECK_NEWS,
        term=Clock.K7,
    ),
    Promise(
        "ministerie-voor-regel",
        Text("Elke regel krijgt op tijd een ministerie"),
        Text("Na het signaal staat op tijd vast welk ministerie naar een regelknelpunt kijkt."),
        (BottleneckStep.ANALYSE,),
        (r"welk ministerie naar",),
        count=Count.BOTTLENECK_OWNER,
        term=Clock.OWNER,
    ),
    Promise(
        "vraag-met-termijn",
        Text("Bij een vraag staat tot wanneer u kunt antwoorden"),
        Text("Hebben wij iets van u nodig, dan staat erbij tot welke dag. Zolang staat onze klok stil."),
        (EventKind.SUPPLEMENT_REQUESTED,),
        (r"de dag waarop wij uw antwoord verwachten", r"hoort u wanneer wij uw antwoord verwachten"),
    ),
)
"""Every promise, in the order in which somebody meets it."""
