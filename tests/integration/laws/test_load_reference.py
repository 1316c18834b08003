"""Loading the reference data: whole, as often as one likes, and by several processes at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, delete, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from knelpunt.adapters.database.embedded_database import DatabaseUrls
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models import Municipality, MunicipalityUrbanity, Organisation, Province, ReferenceVersion, TermRule
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.services.core.small_tables import touch
from knelpunt.services.laws.loading import load_catalogue, lock_catalogue
from knelpunt.services.laws.reference import load_reference
from tests.support.factories import Factory


def test_a_load_brings_places_organisations_terms_and_laws(session: Session) -> None:
    report = load_reference(session)
    assert set(report.counts) == {
        "provincies", "gemeenten", "stedelijkheid", "organisaties", "termijnen", "wetten en bepalingen"
    }  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Province)) == 12
    assert session.scalar(select(func.count()).select_from(Municipality)) == 342 + 115
    kinds = dict(session.execute(select(Organisation.kind, func.count()).group_by(Organisation.kind)).all())
    assert kinds == {OrganisationKind.MUNICIPALITY: 342, OrganisationKind.PROVINCE: 12, OrganisationKind.MINISTRY: 15}
    assert session.scalar(select(func.count()).select_from(TermRule)) > 10


def test_every_municipality_of_today_has_its_class_and_a_former_one_has_none(session: Session) -> None:
    load_reference(session)
    of = MunicipalityUrbanity
    classes = session.execute(select(of.urbanity, func.count()).group_by(of.urbanity).order_by(of.urbanity)).all()
    assert [(each.words, count) for each, count in classes] == [
        ("Zeer sterk stedelijk", 23),
        ("Sterk stedelijk", 72),
        ("Matig stedelijk", 77),
        ("Weinig stedelijk", 121),
        ("Niet stedelijk", 49),
    ]
    ended = select(Municipality.id).where(Municipality.valid_to.is_not(None))
    assert session.scalar(select(func.count()).where(of.municipality_id.in_(ended))) == 0
    amsterdam, schiermonnikoog = (
        session.scalar(select(of.urbanity).join(Municipality).where(Municipality.code == code))
        for code in ("GM0363", "GM0088")
    )
    assert (amsterdam, schiermonnikoog) == (Urbanity.VERY_STRONG, Urbanity.NOT)


def test_a_second_load_changes_nothing(session: Session) -> None:
    load_reference(session)
    version = session.scalar(select(ReferenceVersion.version))
    assert load_reference(session).written == 0
    assert session.scalar(select(ReferenceVersion.version)) == version


def test_a_load_puts_right_what_was_changed_by_hand_and_leaves_the_ids(session: Session) -> None:
    load_reference(session)
    zwolle = session.scalars(select(Municipality).where(Municipality.code == "GM0193")).one()
    number = zwolle.id
    zwolle.name = "Zwollle"
    session.flush()
    report = load_reference(session)
    session.expire_all()
    assert report.counts["gemeenten"].changed == 1
    assert session.scalar(select(Municipality.id).where(Municipality.name == "Zwolle")) == number


def test_an_organisation_has_its_codes(session: Session) -> None:
    load_reference(session)
    amsterdam = session.scalars(select(Organisation).where(Organisation.code == "GM0363")).one()
    assert amsterdam.name == "Gemeente Amsterdam"
    assert amsterdam.tooi_uri == "https://identifier.overheid.nl/tooi/id/gemeente/gm0363"


def test_two_loaders_at_once_do_not_collide_and_wait_for_an_edit(
    own_database: DatabaseUrls,
) -> None:
    owner = create_engine(own_database.owner)
    with Session(owner) as session:
        for table in (MunicipalityUrbanity, Organisation, Municipality, Province, TermRule):
            session.execute(delete(table))
        session.commit()
    owner.dispose()
    engine = create_engine(own_database.app)

    def load() -> int:
        with Session(engine) as session:
            written = load_reference(session).written
            session.commit()
            return written

    with ThreadPoolExecutor(2) as pool:
        counts = sorted(future.result() for future in [pool.submit(load), pool.submit(load)])
    with Session(engine) as editing, Session(engine) as loading:
        lock_catalogue(editing)
        loading.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            load_catalogue(loading)
    engine.dispose()
    assert counts[0] == 0
    assert counts[1] > 342 + 115


@pytest.fixture
def loaded(session: Session) -> Reference:
    load_reference(session)
    return reference(session)


def test_a_reference_offers_only_what_exists_today(loaded: Reference) -> None:
    labels = [label for _, label in loaded.municipality_options]
    assert len(labels) == 342
    assert "Veghel" not in labels
    assert "'s-Gravenhage (Den Haag)" in labels
    assert len(loaded.ministry_options) == 12
    assert labels.index("'s-Gravenhage (Den Haag)") < labels.index("Groningen")


def test_a_reference_knows_the_names_of_then(loaded: Reference) -> None:
    assert "Veghel" in loaded.municipality_names.values()
    assert loaded.municipality_names[-1] == "onbekend"


def test_a_reference_is_read_again_when_somebody_changed_something(session: Session, make: Factory) -> None:
    before = reference(session)
    handler = make.account(role=Role.HANDLER)
    after = reference(session)
    assert handler.id not in before.handlers
    assert after.staff_names[handler.id] == handler.name
    assert (handler.id, handler.name) in after.handler_options


def test_a_reference_costs_one_statement_and_is_shared(session: Session) -> None:
    first = reference(session)
    with Session(bind=session.get_bind()) as another:
        assert reference(another) is first
    touch(session)
    assert reference(session) is not first
