"""The words on the screen for the closed lists about rules: laws, what changes in them, and rule bottlenecks."""

from knelpunt.domain.bottlenecks import STATUS_NAMES, BottleneckChoice, LinkStatus
from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType

ROOM_TYPE = {
    RoomType.WITHIN_RULES: "Kan binnen de regels",
    RoomType.ONTHEFFING: "Maatwerk of ontheffing",
    RoomType.AREA: "Gebied aanwijzen",
    RoomType.EXPERIMENT: "Experiment",
    RoomType.AMVB_CHANGE: "Besluit of regeling wijzigen",
    RoomType.LAW_CHANGE: "Wet wijzigen",
}
ROOM_TYPE_EXPLANATION = {
    RoomType.WITHIN_RULES: "Het mag al, of de gemeente kan haar eigen regel aanpassen.",
    RoomType.ONTHEFFING: "De regel blijft, maar in een enkel geval mag ervan worden afgeweken.",
    RoomType.AREA: "De ruimte ontstaat als een gebied is aangewezen, voor een bepaalde tijd.",
    RoomType.EXPERIMENT: "Van de wet mag tijdelijk worden afgeweken, om iets uit te proberen.",
    RoomType.AMVB_CHANGE: "De regel staat in een besluit of regeling. Het Rijk kan die wijzigen zonder nieuwe wet.",
    RoomType.LAW_CHANGE: "De regel staat in de wet zelf. Alleen een wetswijziging helpt.",
}
LAW_KIND = {
    LawKind.WET: "Wet",
    LawKind.AMVB: "Besluit van de regering (AMvB)",
    LawKind.MINISTERIELE_REGELING: "Regeling van een minister",
    LawKind.EUROPEAN: "Europese regels",
    LawKind.COLLECTIVE: "Verzamelnaam",
}
CONFIDENCE = {
    Confidence.VERIFIED: "Nagelezen",
    Confidence.PARTLY: "Deels nagelezen",
    Confidence.MEMORY: "Uit vakkennis, niet nagelezen",
}
CONFIDENCE_EXPLANATION = {
    Confidence.VERIFIED: "De wettekst of een officiële bron is gelezen.",
    Confidence.PARTLY: "Een deel is gelezen, of een andere bron dan de wet zelf.",
    Confidence.MEMORY: "Dit is niet opgezocht. Controleer het voordat u erop bouwt.",
}
STANDING = {
    Standing.HELD: "Geldig op deze dag",
    Standing.NOT_YET: "Nog niet geldig",
    Standing.ENDED: "Niet meer geldig",
    Standing.UNCERTAIN: "Niet zeker",
}
BOTTLENECK_STATUS = STATUS_NAMES
BOTTLENECK_CHOICE = {
    BottleneckChoice.GUIDANCE: "Een handreiking",
    BottleneckChoice.PRACTICE: "De regel anders toepassen",
    BottleneckChoice.EXPERIMENT: "Een experiment",
    BottleneckChoice.REGULATION: "Een ministeriële regeling wijzigen",
    BottleneckChoice.AMVB: "Een AMvB wijzigen",
    BottleneckChoice.BILL: "De wet wijzigen",
    BottleneckChoice.EU_ROUTE: "De Europese weg",
    BottleneckChoice.KEPT: "De regel blijft zoals hij is",
}
LINK_STATUS = {
    LinkStatus.PROPOSED: "Wacht op de eigenaar",
    LinkStatus.ACCEPTED: "Aanvaard door de eigenaar",
    LinkStatus.REFUSED: "Niet aanvaard",
}
LAW_CHANGE_KIND = {
    LawChangeKind.NEW_VALIDITY: "Andere geldigheid",
    LawChangeKind.AMENDED: "Andere inhoud",
    LawChangeKind.SUCCESSOR: "Een opvolger",
    LawChangeKind.BILL_ADOPTED: "Wetsvoorstel aangenomen",
    LawChangeKind.BOTTLENECK_SOLVED: "Regelknelpunt opgelost",
}
TOUCH_STATUS = {
    TouchStatus.OPEN: "Te beoordelen",
    TouchStatus.CONFIRMED: "Geraakt",
    TouchStatus.REFUSED: "Niet geraakt",
}
