"""A case that is kept for ever goes to an archive with MDTO metadata, and is emptied here when the archive has it.

The rules of MDTO 1.0.1 stand here by hand, from the XML schema that the Nationaal Archief publishes (repository
NationaalArchief/MDTO-XSD, ``schema/v1.0.1/MDTO-XML1.0.1.xsd``, CC BY-SA). The schema itself is not in this repository:
where a copy lies at ``KNELPUNT_MDTO_SCHEMA`` or in ``tests/vendor``, the documents are held to that as well.
"""

import hashlib
import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree
from sqlalchemy import select

from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.vocabulary import CaseStatus, DisposalStatus, Disposition, Result
from knelpunt.models import DisposalList, Retention
from knelpunt.services.archive import lists, packages, retention
from knelpunt.services.cases import attachments
from tests.support import files as small_files
from tests.support.archive import MARKER, Archive, found
from tests.support.desk import Desk

NAMESPACE = "{https://www.nationaalarchief.nl/mdto}"
ORDER = {
    "informatieobject": "identificatie naam aggregatieniveau classificatie trefwoord omschrijving raadpleeglocatie"
    " dekkingInTijd dekkingInRuimte taal event waardering bewaartermijn informatiecategorie isOnderdeelVan"
    " bevatOnderdeel heeftRepresentatie aanvullendeMetagegevens gerelateerdInformatieobject archiefvormer betrokkene"
    " activiteit beperkingGebruik",
    "bestand": "identificatie naam omvang bestandsformaat checksum URLBestand isRepresentatieVan",
    "identificatie": "identificatieKenmerk identificatieBron",
    "begrip": "begripLabel begripCode begripBegrippenlijst",
    "verwijzing": "verwijzingNaam verwijzingIdentificatie",
    "checksum": "checksumAlgoritme checksumWaarde checksumDatum",
    "dekkingInTijd": "dekkingInTijdType dekkingInTijdBegindatum dekkingInTijdEinddatum",
    "event": "eventType eventTijd eventVerantwoordelijkeActor eventResultaat",
    "beperkingGebruik": "beperkingGebruikType beperkingGebruikNadereBeschrijving beperkingGebruikDocumentatie"
    " beperkingGebruikTermijn",
}
"""Which elements may stand in which, in their order."""
SHAPE = {
    "begrip": "aggregatieniveau classificatie waardering informatiecategorie bestandsformaat checksumAlgoritme"
    " eventType dekkingInTijdType beperkingGebruikType",
    "verwijzing": "dekkingInRuimte heeftRepresentatie archiefvormer activiteit isRepresentatieVan begripBegrippenlijst",
    "identificatie": "verwijzingIdentificatie",
}
NEEDED = {
    "informatieobject": "identificatie naam waardering archiefvormer beperkingGebruik",
    "bestand": "identificatie naam omvang bestandsformaat checksum isRepresentatieVan",
    "identificatie": "identificatieKenmerk identificatieBron",
    "begrip": "begripLabel begripBegrippenlijst",
    "verwijzing": "verwijzingNaam",
    "checksum": "checksumAlgoritme checksumWaarde checksumDatum",
    "dekkingInTijd": "dekkingInTijdType dekkingInTijdBegindatum",
    "event": "eventType",
    "beperkingGebruik": "beperkingGebruikType",
}
ONCE = """
naam aggregatieniveau waardering bewaartermijn informatiecategorie activiteit omvang bestandsformaat isRepresentatieVan
"""


SCHEMA = Path(os.environ.get("KNELPUNT_MDTO_SCHEMA", "tests/vendor/MDTO-XML1.0.1.xsd"))
SHA256_OF_SCHEMA = "048d745a17f479995f14c938d342b2f13382072d0fdf1f1b28113126df715648"
"""Of the schema at commit afae5f30 of its repository."""


def faults_in(element, shape):
    """What is against the rules of MDTO in this element and below it."""
    names = [child.tag.removeprefix(NAMESPACE) for child in element]
    order = ORDER[shape].split()
    found = [f"{name} may not stand in {shape}" for name in names if name not in order]
    places = [order.index(name) for name in names if name in order]
    if places != sorted(places):
        found.append(f"{shape}: wrong order")
    found += [f"{shape} lacks {name}" for name in NEEDED[shape].split() if name not in names]
    found += [f"{name} stands twice" for name in set(names) & set(ONCE.split()) if names.count(name) > 1]
    for name, child in zip(names, element, strict=True):
        inner = next((each for each, of in SHAPE.items() if name in of.split()), name)
        if inner in ORDER:
            found += faults_in(child, inner)
        elif not (child.text or "").strip():
            found.append(f"{name} is empty")
    return found


@pytest.fixture
def archive(session, make, app):
    return Archive(Desk(session, make), app.config["FILE_STORE"]).on(date(2026, 11, 24))


@pytest.fixture
def confirmed(archive):
    """A case for the archive on a list that two people confirmed."""
    case = archive.case(
        result=Result.LINKED_TO_BOTTLENECK,
        title=f"Plan <voor> & {MARKER}",
        description=f"Ons {MARKER}\x0b plan.",
        municipality_id=archive.make.municipality().id,
    )
    stream = io.BytesIO(small_files.pdf(MARKER))
    context = archive.by(archive.desk.handler)
    rules = attachments.AttachmentRules(1_000_000, 10)
    attachments.store(context, archive.files, rules, stream, "De brief, van de gemeente.pdf", case=case)
    archive.session.commit()
    archive.check_sources()
    archive.run()
    archive.on(date(2046, 3, 2)).run()
    each = archive.session.scalars(select(DisposalList)).one()
    for account in (archive.head, archive.admin):
        lists.confirm(archive.by(account), each.id, each.version)
        archive.session.flush()
    return archive, case, each


def unpacked(archive, each):
    pieces = packages.package(archive.by(archive.admin), archive.files, each.id)
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def test_the_package_has_every_file_with_metadata_by_the_standard(confirmed):
    archive, case, each = confirmed
    packed = unpacked(archive, each)
    assert packed.testzip() is None
    documents = [name for name in packed.namelist() if name.endswith(".mdto.xml")]
    folder = case.reference
    assert sorted(set(packed.namelist()) - set(documents)) == [
        f"{folder}/bijlagen/001-De-brief-van-de-gemeente.pdf",
        f"{folder}/dossier.json",
        "manifest-sha256.txt",
        "overzicht.txt",
    ]
    kinds = []
    for name in documents:
        root = ElementTree.fromstring(packed.read(name))
        assert root.tag == f"{NAMESPACE}MDTO"
        (described,) = root
        kinds.append(described.tag.removeprefix(NAMESPACE))
        assert faults_in(described, kinds[-1]) == []
    assert sorted(kinds) == ["bestand", "bestand", "informatieobject"]
    about = packed.read(f"{folder}/{folder}.mdto.xml").decode()
    assert "Plan &lt;voor&gt; &amp; " in about
    assert "<begripCode>B</begripCode>" in about


@pytest.mark.skipif(not SCHEMA.is_file(), reason="no copy of the XML schema of MDTO on this machine")
def test_every_document_is_valid_by_the_published_schema(confirmed):
    content = SCHEMA.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256_OF_SCHEMA
    schema = etree.XMLSchema(etree.fromstring(content))
    archive, _case, each = confirmed
    packed = unpacked(archive, each)
    documents = [name for name in packed.namelist() if name.endswith(".mdto.xml")]
    assert len(documents) == 3
    for name in documents:
        document = packed.read(name)
        assert schema.validate(etree.fromstring(document)), (name, schema.error_log)
        wrong = etree.fromstring(document.replace(b"<naam>", b"<titel>").replace(b"</naam>", b"</titel>"))
        assert not schema.validate(wrong)


def test_every_checksum_is_right(confirmed):
    archive, case, each = confirmed
    packed = unpacked(archive, each)
    for line in packed.read("manifest-sha256.txt").decode().splitlines():
        digest, _, path = line.partition("  ")
        assert hashlib.sha256(packed.read(path)).hexdigest() == digest, path
    dossier = packed.read(f"{case.reference}/dossier.json")
    overview = packed.read("overzicht.txt")
    assert overview.decode() == f"{case.reference} {hashlib.sha256(dossier).hexdigest()}\n"
    assert hashlib.sha256(overview).hexdigest() == lists.manifest_hash(archive.session, each.id)
    held = json.loads(dossier)
    assert held["cases"][0]["title"] == f"Plan <voor> & {MARKER}"
    assert not {"contacts", "follow_links", "outbox"} & held.keys()


def test_the_case_is_emptied_when_the_archive_says_that_it_has_the_package(confirmed):
    archive, case, each = confirmed
    archive.run()
    assert case.archived_on is None
    right = {
        "reference": "NA-2046-12",
        "on": archive.desk.today,
        "package_hash": lists.manifest_hash(archive.session, each.id),
    }
    by = archive.by(archive.head)
    for wrong, field in (
        ({"package_hash": "0" * 64}, "package_hash"),
        ({"reference": " "}, "reference"),
        ({"on": date(2050, 1, 1)}, "on"),
    ):
        with pytest.raises(DomainError) as refused:
            lists.receive(by, each.id, each.version, **{**right, **wrong})
        assert refused.value.field == field
    with pytest.raises(PermissionDenied):
        lists.receive(archive.by(archive.desk.handler), each.id, each.version, **right)
    lists.receive(by, each.id, each.version, **right)
    archive.run()
    archive.session.expire_all()
    assert (case.status, case.archived_as) == (CaseStatus.ARCHIVED, Disposition.TRANSFER)
    assert found(archive.session, MARKER) == {}
    assert each.status is DisposalStatus.DONE
    assert each.digest == right["package_hash"]


def test_a_case_that_the_archive_has_already_gets_no_other_category(confirmed):
    archive, case, each = confirmed
    sent = {"reference": "NA-2046-13", "on": archive.desk.today}
    sent["package_hash"] = lists.manifest_hash(archive.session, each.id)
    lists.receive(archive.by(archive.head), each.id, each.version, **sent)
    case.handler_id = archive.desk.handler.id
    archive.session.flush()

    by = archive.by(archive.desk.handler)
    with pytest.raises(DomainError, match="Het archief heeft het pakket"):
        retention.choose_category(by, case.reference, case.version, "antwoord", "Dat past beter.")
    kept = archive.session.get_one(Retention, case.id)
    archive.reword(archive.category("regelknelpunt"), years=30)
    archive.session.refresh(kept)
    assert kept.action_on <= archive.desk.today
    archive.run()
    archive.session.expire_all()
    assert (case.archived_as, each.status) == (Disposition.TRANSFER, DisposalStatus.DONE)


def test_there_is_no_package_before_two_people_confirmed(confirmed):
    archive, _case, each = confirmed
    each.status = DisposalStatus.CONFIRMED_ONCE
    archive.session.flush()
    with pytest.raises(DomainError, match="Er is geen pakket"):
        packages.package(archive.by(archive.admin), archive.files, each.id)
    with pytest.raises(PermissionDenied):
        packages.package(archive.by(archive.desk.handler), archive.files, each.id)
    with pytest.raises(NotFound):
        packages.package(archive.by(archive.admin), archive.files, 0)
