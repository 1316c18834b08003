"""The page of each step of a rule bottleneck, and what its button says. Keeping the rule is one of the choices."""

from knelpunt.domain.bottlenecks import BottleneckProposalStatus, BottleneckStep

STEP_PAGES = {
    BottleneckStep.ANALYSE: ("analyse", "Noem de eigenaar en begin met de analyse"),
    BottleneckStep.CHOOSE: ("keuze", "Leg vast wat er gaat gebeuren"),
    BottleneckStep.PREPARE: ("voorbereiding", "Begin met de voorbereiding"),
    BottleneckStep.CONSULT: ("consultatie", "Open de consultatie"),
    BottleneckStep.SEND_TO_PARLIAMENT: ("behandeling", "Meld de behandeling"),
    BottleneckStep.BRING_INTO_FORCE: ("in-werking", "Meld dat het in werking is"),
    BottleneckStep.EVALUATE: ("evaluatie", "Leg de evaluatie vast"),
    BottleneckStep.MERGE: ("samenvoegen", "Voeg samen met een ander regelknelpunt"),
    BottleneckStep.REPORT: ("nieuws", "Schrijf nieuws"),
    BottleneckStep.ERRATUM: ("erratum", "Neem terug dat het in werking is"),
}
STATUS_WORDS = {
    BottleneckProposalStatus.OPEN: "Wacht op een tweede persoon",
    BottleneckProposalStatus.APPROVED: "Akkoord",
    BottleneckProposalStatus.RETURNED: "Teruggegeven",
    BottleneckProposalStatus.CANCELLED: "Ingetrokken",
}
BADGES = {
    BottleneckProposalStatus.OPEN: "wait",
    BottleneckProposalStatus.APPROVED: "ok",
    BottleneckProposalStatus.RETURNED: "danger",
    BottleneckProposalStatus.CANCELLED: "muted",
}
