"""The words on the screen for the closed lists about ruimtewijzers; ``labels`` looks them up."""

from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience, GuideOrigin, GuideStatus
from knelpunt.domain.texts import Text

GUIDE_STATUS = {
    GuideStatus.DRAFT: Text("Concept"),
    GuideStatus.REVIEWED: Text("Juridisch getoetst"),
    GuideStatus.PUBLIC: Text("Openbaar"),
    GuideStatus.RECHECK: Text("Hercontrole nodig"),
    GuideStatus.EXPIRED: Text("Vervallen"),
}
GUIDE_AUDIENCE = {
    GuideAudience.RESIDENTS: Text("Bewoners"),
    GuideAudience.MUNICIPALITIES: Text("Gemeenten"),
    GuideAudience.CORPORATIONS: Text("Woningcorporaties"),
    GuideAudience.SCHOOLS: Text("Scholen"),
}
GUIDE_ORIGIN = {
    GuideOrigin.SHIPPED: Text("Meegeleverd met het systeem"),
    GuideOrigin.DESK: Text("Geschreven door het loket"),
}
CLAIM_OUTCOME = {
    ClaimOutcome.WORKED: Text("Ja, gelukt"),
    ClaimOutcome.PARTLY: Text("Deels gelukt"),
    ClaimOutcome.FAILED: Text("Niet gelukt"),
}
