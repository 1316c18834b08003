"""What DCAT-AP-NL 3 asks of a catalogue, its data sets and their files, as SHACL.

Written from the tables of the profile (Geonovum, DCAT-AP-NL 3.0): per class the mandatory properties, those that it
recommends and this site tells, and how often each may stand. ``accessService`` is left out: no file comes by it.
"""

ONCE = (1, 1)
SOME = (1, None)
AT_MOST_ONE = (0, 1)
Bounds = tuple[int, int | None]

CLASSES: dict[str, dict[str, tuple[Bounds, str]]] = {
    "dcat:Catalog": {
        "dct:title": (SOME, "rdf:langString"),
        "dct:description": (SOME, "rdf:langString"),
        "dct:publisher": (ONCE, "foaf:Agent"),
        "dct:creator": (SOME, "foaf:Agent"),
        "dcat:contactPoint": (ONCE, "vcard:Kind"),
        "dcat:dataset": (SOME, "dcat:Dataset"),
        "dcat:service": (SOME, "dcat:DataService"),
        "dct:license": (AT_MOST_ONE, "dct:LicenseDocument"),
        "dct:language": (SOME, "dct:LinguisticSystem"),
        "foaf:homepage": (ONCE, "foaf:Document"),
        "dct:spatial": (SOME, "dct:Location"),
    },
    "dcat:Dataset": {
        "dct:title": (SOME, "rdf:langString"),
        "dct:description": (SOME, "rdf:langString"),
        "dct:identifier": (ONCE, "literal"),
        "dct:publisher": (ONCE, "foaf:Agent"),
        "dct:creator": (SOME, "foaf:Agent"),
        "dcat:contactPoint": (SOME, "vcard:Kind"),
        "dct:accessRights": (ONCE, "dct:RightsStatement"),
        "dcat:theme": (SOME, "skos:Concept"),
        "dcat:keyword": (SOME, "rdf:langString"),
        "dct:language": (SOME, "dct:LinguisticSystem"),
        "dcat:landingPage": (SOME, "foaf:Document"),
        "foaf:page": (SOME, "foaf:Document"),
        "dct:conformsTo": (SOME, "dct:Standard"),
        "dct:spatial": (SOME, "dct:Location"),
        "dct:temporal": ((0, None), "dct:PeriodOfTime"),
        "dct:accrualPeriodicity": (ONCE, "dct:Frequency"),
        "dcat:distribution": (SOME, "dcat:Distribution"),
        "dcat:version": (AT_MOST_ONE, "literal"),
        "dct:issued": (AT_MOST_ONE, "xsd:date"),
        "dct:modified": (AT_MOST_ONE, "xsd:date"),
    },
    "dcat:DataService": {
        "dct:title": (SOME, "rdf:langString"),
        "dct:description": (SOME, "rdf:langString"),
        "dct:identifier": (ONCE, "literal"),
        "dct:publisher": (ONCE, "foaf:Agent"),
        "dct:creator": (AT_MOST_ONE, "foaf:Agent"),
        "dcat:contactPoint": (ONCE, "vcard:Kind"),
        "dct:accessRights": (ONCE, "dct:RightsStatement"),
        "dct:license": (ONCE, "dct:LicenseDocument"),
        "dct:language": (SOME, "dct:LinguisticSystem"),
        "dcat:theme": (SOME, "skos:Concept"),
        "dcat:keyword": (SOME, "rdf:langString"),
        "dcat:endpointURL": (ONCE, "iri"),
        "dcat:endpointDescription": (ONCE, "iri"),
        "dcat:landingPage": (SOME, "foaf:Document"),
        "foaf:page": (SOME, "foaf:Document"),
        "dcat:servesDataset": (SOME, "dcat:Dataset"),
    },
    "dcat:DatasetSeries": {
        "dct:title": (SOME, "rdf:langString"),
        "dct:description": (SOME, "rdf:langString"),
        "dct:publisher": (ONCE, "foaf:Agent"),
    },
    "dcat:Distribution": {
        "dcat:accessURL": (ONCE, "iri"),
        "dcat:downloadURL": (ONCE, "iri"),
        "dct:license": (ONCE, "dct:LicenseDocument"),
        "dct:format": (ONCE, "dct:MediaTypeOrExtent"),
        "dcat:mediaType": (ONCE, "dct:MediaType"),
        "dct:language": (SOME, "dct:LinguisticSystem"),
        "dct:conformsTo": (SOME, "dct:Standard"),
        "dct:title": (SOME, "rdf:langString"),
        "dcat:byteSize": (AT_MOST_ONE, "xsd:nonNegativeInteger"),
        "spdx:checksum": (AT_MOST_ONE, "spdx:Checksum"),
        "dcat:compressFormat": (AT_MOST_ONE, "dct:MediaType"),
    },
    "spdx:Checksum": {"spdx:algorithm": (ONCE, "iri"), "spdx:checksumValue": (ONCE, "xsd:hexBinary")},
    "foaf:Agent": {"foaf:name": (SOME, "rdf:langString")},
    "vcard:Kind": {"vcard:fn": (SOME, "literal"), "vcard:hasEmail": (SOME, "iri")},
    "dct:PeriodOfTime": {"dcat:startDate": (ONCE, "xsd:date"), "dcat:endDate": (AT_MOST_ONE, "xsd:date")},
}
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def shapes() -> str:
    """The rules above as Turtle, for a validator."""
    written = {kind: ", ".join(_shape(*one) for one in rules.items()) for kind, rules in CLASSES.items()}
    return PREFIXES + "".join(
        f"[] a sh:NodeShape ; sh:targetClass {kind} ; sh:property {rules} .\n" for kind, rules in written.items()
    )


def _shape(path: str, rule: tuple[Bounds, str]) -> str:
    (least, most), value = rule
    bounds = f"sh:minCount {least}" + ("" if most is None else f" ; sh:maxCount {most}")
    return f"[ sh:path {path} ; {bounds} ; {_values(value)} ]"


def _values(value: str) -> str:
    if value == "iri":
        return "sh:nodeKind sh:IRI"
    if value == "literal":
        return "sh:nodeKind sh:Literal"
    return f"sh:datatype {value}" if value.startswith(("xsd:", "rdf:")) else f"sh:class {value}"
