"""What the closed lists by which a case is told are called: the same words on a page, in a letter and in public."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import AssessmentRole, Result, SubmitterKind, Theme, Verdict

RESULT = {
    Result.WITHIN_RULES: Text("Opgelost binnen de regels die er zijn"),
    Result.WITH_ONTHEFFING: Text("Opgelost met een ontheffing of afwijking"),
    Result.VIA_EXPERIMENT: Text("Opgelost met een experiment"),
    Result.OTHER_PRACTICE: Text("Opgelost doordat de regel anders wordt toegepast"),
    Result.LINKED_TO_BOTTLENECK: Text("Gekoppeld aan een regelknelpunt"),
    Result.ANSWERED_BY_GUIDE: Text("Beantwoord met een ruimtewijzer"),
    Result.NOT_SOLVABLE: Text("Niet op te lossen, met uitleg waarom"),
    Result.OUT_OF_REACH: Text("Overgedragen aan een andere instantie"),
    Result.WITHDRAWN: Text("Ingetrokken door de indiener"),
    Result.DUPLICATE: Text("Dubbel van een eigen melding"),
}
VERDICT = {
    Verdict.UNDECIDED: Text("Nog onbeslist"),
    Verdict.PERCEIVED: Text("De regel staat het toe"),
    Verdict.OWN_AUTHORITY: Text("Ruimte bij de eigen overheid"),
    Verdict.STRICT_PRACTICE: Text("Te streng uitgelegd"),
    Verdict.BY_ONTHEFFING_OR_EXPERIMENT: Text("Kan met ontheffing of experiment"),
    Verdict.NATIONAL_RULE: Text("Een landelijke regel belemmert"),
    Verdict.EU_OR_TREATY: Text("Een Europese regel of een verdrag belemmert"),
    Verdict.LOCAL_RULE: Text("Een regel van gemeente, provincie of waterschap belemmert"),
    Verdict.STACKED_RULES: Text("Regels stapelen of botsen"),
    Verdict.NOT_A_RULE: Text("Het ligt niet aan een regel"),
}
SUBMITTER_KIND = {
    SubmitterKind.CITIZEN_INITIATIVE: Text("Bewonersinitiatief"),
    SubmitterKind.MUNICIPALITY: Text("Gemeente"),
    SubmitterKind.PROVINCE: Text("Provincie"),
    SubmitterKind.HOUSING_CORPORATION: Text("Woningcorporatie"),
    SubmitterKind.SCHOOL_BOARD: Text("Schoolbestuur"),
    SubmitterKind.OTHER: Text("Andere indiener"),
}
THEME = {
    Theme.HOUSING: Text("Wonen"),
    Theme.VACANCY: Text("Leegstand"),
    Theme.PUBLIC_SPACE: Text("Openbare ruimte"),
    Theme.ENERGY: Text("Energie"),
    Theme.NATURE_WATER: Text("Natuur en water"),
    Theme.CARE: Text("Zorg en welzijn"),
    Theme.EDUCATION: Text("Onderwijs"),
    Theme.WORK_INCOME: Text("Werk en inkomen"),
    Theme.SHOPS_HORECA: Text("Winkels en horeca"),
    Theme.MOBILITY: Text("Verkeer en vervoer"),
    Theme.CULTURE_SPORT: Text("Cultuur en sport"),
    Theme.SAFETY: Text("Veiligheid"),
    Theme.OTHER: Text("Iets anders"),
    Theme.UNKNOWN: Text("Onderwerp niet bekend"),
}
ASSESSMENT_ROLE = {
    AssessmentRole.BLOCKS: Text("Belemmert"),
    AssessmentRole.OFFERS_ROOM: Text("Biedt ruimte"),
}


def facts_beside(shown: Mapping[str, Any], places: Mapping[int, str]) -> list[Text]:
    """What goes public beside a text besides its rules, each in a line; see ``shown_beside``. Of a text that was laid
    before its submitter by an earlier release not all is known.

    Args:
        places: the names of municipalities.
    """
    lines = [Text("Het oordeel: %(verdict)s", verdict=VERDICT[Verdict(shown["verdict"])])]
    if shown["result"]:
        lines.append(Text("Het resultaat: %(result)s", result=RESULT[Result(shown["result"])]))
    theme = Theme(shown.get("theme", Theme.UNKNOWN))
    if theme is not Theme.UNKNOWN:
        lines.append(Text("Het onderwerp: %(theme)s", theme=THEME[theme]))
    if place := shown.get("municipality_then") or places.get(shown.get("municipality") or 0):
        lines.append(Text("De gemeente: %(place)s", place=place))
    if joined := ", ".join(places[each] for each in shown.get("joined", ())):
        lines.append(Text("Samen met: %(joined)s", joined=joined))
    if kind := shown.get("submitter_kind"):
        lines.append(Text("Wie het meldde: %(kind)s", kind=SUBMITTER_KIND[SubmitterKind(kind)]))
    if filed_on := shown.get("filed_on"):
        lines.append(Text("De dag van indienen: %(filed_on)s", filed_on=date.fromisoformat(filed_on)))
    if closed_on := shown.get("closed_on"):
        lines.append(Text("De dag van afsluiten: %(closed_on)s", closed_on=date.fromisoformat(closed_on)))
    return lines


def roles_and_rules(shown: Mapping[str, Any]) -> list[tuple[Text, str]]:
    """The rules that go public beside a text: what each does, and what it is called, which stays Dutch."""
    return [
        (ASSESSMENT_ROLE[AssessmentRole(each["role"])], ", ".join(filter(None, (each["title"], each["article"]))))
        for each in shown["provisions"]
    ]


def rules_beside(shown: Mapping[str, Any]) -> list[Text]:
    """The same, each in a line."""
    return [Text("%(role)s: %(rule)s", role=role, rule=rule) for role, rule in roles_and_rules(shown)]
