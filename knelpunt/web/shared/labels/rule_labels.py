"""The words on the screen for the closed lists about rules: laws, what changes in them, and rule bottlenecks."""

from knelpunt.domain.bottlenecks import STATUS_NAMES, BottleneckChoice, LinkStatus
from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.domain.texts import Text

ROOM_TYPE = {
    RoomType.WITHIN_RULES: Text("Kan binnen de regels"),
    RoomType.ONTHEFFING: Text("Maatwerk of ontheffing"),
    RoomType.AREA: Text("Gebied aanwijzen"),
    RoomType.EXPERIMENT: Text("Experiment"),
    RoomType.AMVB_CHANGE: Text("Besluit of regeling wijzigen"),
    RoomType.LAW_CHANGE: Text("Wet wijzigen"),
}
ROOM_TYPE_EXPLANATION = {
    RoomType.WITHIN_RULES: Text("Het mag al, of de gemeente kan haar eigen regel aanpassen."),
    RoomType.ONTHEFFING: Text("De regel blijft, maar in een enkel geval mag ervan worden afgeweken."),
    RoomType.AREA: Text("De ruimte ontstaat als een gebied is aangewezen, voor een bepaalde tijd."),
    RoomType.EXPERIMENT: Text("Van de wet mag tijdelijk worden afgeweken, om iets uit te proberen."),
    RoomType.AMVB_CHANGE: Text(
        "De regel staat in een besluit of regeling. Het Rijk kan die wijzigen zonder nieuwe wet."
    ),
    RoomType.LAW_CHANGE: Text("De regel staat in de wet zelf. Alleen een wetswijziging helpt."),
}
LAW_KIND = {
    LawKind.WET: Text("Wet"),
    LawKind.AMVB: Text("Besluit van de regering (AMvB)"),
    LawKind.MINISTERIELE_REGELING: Text("Regeling van een minister"),
    LawKind.EUROPEAN: Text("Europese regels"),
    LawKind.COLLECTIVE: Text("Verzamelnaam"),
}
CONFIDENCE = {
    Confidence.VERIFIED: Text("Nagelezen"),
    Confidence.PARTLY: Text("Deels nagelezen"),
    Confidence.MEMORY: Text("Uit vakkennis, niet nagelezen"),
}
CONFIDENCE_EXPLANATION = {
    Confidence.VERIFIED: Text("De wettekst of een officiële bron is gelezen."),
    Confidence.PARTLY: Text("Een deel is gelezen, of een andere bron dan de wet zelf."),
    Confidence.MEMORY: Text("Dit is niet opgezocht. Controleer het voordat u erop bouwt."),
}
STANDING = {
    Standing.HELD: Text("Geldig op deze dag"),
    Standing.NOT_YET: Text("Nog niet geldig"),
    Standing.ENDED: Text("Niet meer geldig"),
    Standing.UNCERTAIN: Text("Niet zeker"),
}
BOTTLENECK_STATUS = STATUS_NAMES
BOTTLENECK_CHOICE = {
    BottleneckChoice.GUIDANCE: Text("Een handreiking"),
    BottleneckChoice.PRACTICE: Text("De regel anders toepassen"),
    BottleneckChoice.EXPERIMENT: Text("Een experiment"),
    BottleneckChoice.REGULATION: Text("Een ministeriële regeling wijzigen"),
    BottleneckChoice.AMVB: Text("Een AMvB wijzigen"),
    BottleneckChoice.BILL: Text("De wet wijzigen"),
    BottleneckChoice.EU_ROUTE: Text("De Europese weg"),
    BottleneckChoice.KEPT: Text("De regel blijft zoals hij is"),
}
LINK_STATUS = {
    LinkStatus.PROPOSED: Text("Wacht op de eigenaar"),
    LinkStatus.ACCEPTED: Text("Aanvaard door de eigenaar"),
    LinkStatus.REFUSED: Text("Niet aanvaard"),
}
LAW_CHANGE_KIND = {
    LawChangeKind.NEW_VALIDITY: Text("Andere geldigheid"),
    LawChangeKind.AMENDED: Text("Andere inhoud"),
    LawChangeKind.SUCCESSOR: Text("Een opvolger"),
    LawChangeKind.BILL_ADOPTED: Text("Wetsvoorstel aangenomen"),
    LawChangeKind.BOTTLENECK_SOLVED: Text("Regelknelpunt opgelost"),
}
TOUCH_STATUS = {
    TouchStatus.OPEN: Text("Te beoordelen"),
    TouchStatus.CONFIRMED: Text("Geraakt"),
    TouchStatus.REFUSED: Text("Niet geraakt"),
}
