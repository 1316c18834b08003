"""The words on the screen for the closed lists about ruimtewijzers; ``labels`` looks them up."""

from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience, GuideOrigin, GuideStatus

GUIDE_STATUS = {
    GuideStatus.DRAFT: "Concept",
    GuideStatus.REVIEWED: "Juridisch getoetst",
    GuideStatus.PUBLIC: "Openbaar",
    GuideStatus.RECHECK: "Hercontrole nodig",
    GuideStatus.EXPIRED: "Vervallen",
}
GUIDE_AUDIENCE = {
    GuideAudience.RESIDENTS: "Bewoners",
    GuideAudience.MUNICIPALITIES: "Gemeenten",
    GuideAudience.CORPORATIONS: "Woningcorporaties",
    GuideAudience.SCHOOLS: "Scholen",
}
GUIDE_ORIGIN = {
    GuideOrigin.SHIPPED: "Meegeleverd met het systeem",
    GuideOrigin.DESK: "Geschreven door het loket",
}
CLAIM_OUTCOME = {
    ClaimOutcome.WORKED: "Ja, gelukt",
    ClaimOutcome.PARTLY: "Deels gelukt",
    ClaimOutcome.FAILED: "Niet gelukt",
}
