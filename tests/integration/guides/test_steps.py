"""The states of a ruimtewijzer: who may take it further, what stays readable, and what is written down."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TransitionNotAllowed, VersionConflict
from knelpunt.domain.guides.track import GUIDE_STEPS, GuideEvent, GuideStatus
from knelpunt.models import Event, Guide, GuideFollower, OutboxMail
from knelpunt.queries.guides import published as queries
from knelpunt.services.core import events
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import timers as guide_timers
from tests.support.desk import Desk
from tests.support.guides import text


class Wijzer:
    """One guide and the people who work on it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.writer, self.reviewer = desk.context(desk.handler), desk.context(desk.reviewer)
        self.guide = guides.create(self.writer, text())

    @property
    def slug(self) -> str:
        return self.guide.slug

    @property
    def version(self) -> int:
        self.desk.session.flush()
        return self.guide.version

    def review(self) -> None:
        guides.review(self.reviewer, self.slug, self.version)

    def publish(self) -> "Wijzer":
        self.review()
        guides.publish(self.writer, self.slug, self.version)
        return self

    def rewrite(self, **changes: Any) -> None:
        guides.save(self.writer, self.slug, self.version, text(**changes))


@pytest.fixture
def wijzer(desk) -> Wijzer:
    return Wijzer(desk)


def test_the_way_to_a_public_page_needs_two_people(session, desk, wijzer):
    assert wijzer.guide.status is GuideStatus.DRAFT
    wijzer.review()
    assert wijzer.guide.status is GuideStatus.REVIEWED
    guides.publish(wijzer.writer, wijzer.slug, wijzer.version)
    assert wijzer.guide.status is GuideStatus.PUBLIC
    subject = f"ruimtewijzer:{wijzer.guide.id}"
    kinds = session.scalars(select(Event.kind).where(Event.subject == subject).order_by(Event.number)).all()
    assert kinds == [GuideEvent.SAVED, GuideEvent.REVIEWED, GuideEvent.PUBLISHED]
    assert events.verify(session).fault is None


def test_the_author_never_reviews_the_own_text(session, desk, make, wijzer):
    head = desk.context(make.head_of_desk(organisation=desk.ministry))
    own = guides.create(head, text())
    with pytest.raises(PermissionDenied):
        guides.review(head, own.slug, own.version)
    assert own.status is GuideStatus.DRAFT


def test_a_version_is_reviewed_once(wijzer):
    wijzer.publish()
    with pytest.raises(DomainError, match="al getoetst"):
        wijzer.review()


def test_a_text_that_was_not_reviewed_cannot_be_published(wijzer):
    with pytest.raises(TransitionNotAllowed):
        guides.publish(wijzer.writer, wijzer.slug, wijzer.version)


def test_a_reviewed_text_that_is_changed_loses_its_review(wijzer):
    wijzer.review()
    wijzer.rewrite(short_answer="Nee.")
    assert wijzer.guide.status is GuideStatus.DRAFT
    with pytest.raises(TransitionNotAllowed):
        guides.publish(wijzer.writer, wijzer.slug, wijzer.version)


def test_a_text_given_back_goes_to_its_author_with_the_reason(session, wijzer):
    with pytest.raises(DomainError):
        guides.give_back(wijzer.reviewer, wijzer.slug, wijzer.version, "  ")
    guides.give_back(wijzer.reviewer, wijzer.slug, wijzer.version, "Artikel 15 ontbreekt.")
    assert guides.latest_version(session, wijzer.guide).review_remark == "Artikel 15 ontbreekt."


def test_a_text_without_rule_or_source_is_not_reviewed(desk, wijzer):
    wijzer.rewrite(sources=[], rules=[])
    with pytest.raises(DomainError, match="een regel, een bron"):
        wijzer.review()


def test_a_new_version_is_read_only_when_it_is_published_and_the_old_one_stays(client, session, wijzer):
    wijzer.publish()
    wijzer.rewrite(short_answer="Ja, voor altijd.")
    assert wijzer.guide.status is GuideStatus.PUBLIC
    assert "voor altijd" not in client.get(f"/ruimtewijzers/{wijzer.slug}").get_data(as_text=True)
    assert client.get(f"/ruimtewijzers/{wijzer.slug}/versie-2").status_code == 404
    wijzer.publish()
    assert "voor altijd" in client.get(f"/ruimtewijzers/{wijzer.slug}").get_data(as_text=True)
    old = client.get(f"/ruimtewijzers/{wijzer.slug}/versie-1").get_data(as_text=True)
    assert "Ja, met een tijdelijke vergunning." in old
    assert "Dit is een oude versie" in old


def test_a_recheck_and_an_end_are_said_on_top_of_a_page_that_stays(client, wijzer):
    wijzer.publish()
    guides.ask_recheck(wijzer.writer, wijzer.slug, wijzer.version, "De wet is gewijzigd.")
    page = client.get(f"/ruimtewijzers/{wijzer.slug}").get_data(as_text=True)
    assert "Wij kijken deze tekst opnieuw na" in page
    assert "De wet is gewijzigd." in page
    assert "Nakijken voor" not in page
    guides.confirm(wijzer.reviewer, wijzer.slug, wijzer.version)
    page = client.get(f"/ruimtewijzers/{wijzer.slug}").get_data(as_text=True)
    assert "opnieuw na" not in page
    assert "Nakijken voor" in page
    guides.expire(wijzer.writer, wijzer.slug, wijzer.version, "De wet is ingetrokken.")
    page = client.get(f"/ruimtewijzers/{wijzer.slug}").get_data(as_text=True)
    assert "Deze ruimtewijzer geldt niet meer" in page
    assert "Ja, met een tijdelijke vergunning." in page
    assert wijzer.slug not in client.get("/ruimtewijzers").get_data(as_text=True)


def test_the_author_of_a_text_does_not_confirm_it(desk, make, wijzer):
    head = desk.context(make.head_of_desk(organisation=desk.ministry))
    own = guides.create(head, text())
    guides.review(desk.context(desk.reviewer), own.slug, own.version)
    guides.publish(head, own.slug, own.version)
    guides.ask_recheck(head, own.slug, own.version, "Nakijken.")
    with pytest.raises(PermissionDenied):
        guides.confirm(head, own.slug, own.version)


def test_after_two_years_a_recheck_is_asked_by_itself(session, desk, wijzer):
    wijzer.publish()
    desk.later(365)
    assert wijzer.guide.id not in _rechecked(session, desk)
    desk.later(2 * 365 - 300)
    assert wijzer.guide.id in _rechecked(session, desk)
    assert wijzer.guide.recheck_reason == guide_timers.TOO_OLD


def test_an_answer_whose_period_ends_is_looked_at_once_and_not_again_after_that(session, desk, wijzer):
    wijzer.rewrite(valid_to=desk.today + timedelta(days=30))
    wijzer.publish()
    desk.later(30)
    assert _rechecked(session, desk) == []
    desk.later(1)
    assert _rechecked(session, desk) == [wijzer.guide.id]
    assert wijzer.guide.recheck_reason == guide_timers.PERIOD_OVER
    guides.confirm(desk.context(desk.reviewer), wijzer.slug, wijzer.version)
    assert _rechecked(session, desk) == []


def _rechecked(session, desk):
    for guide_id in session.scalars(guide_timers.due_guides(desk.system)).all():
        guide_timers.ask_recheck_when_due(desk.system, guide_id)
    return session.scalars(select(Guide.id).where(Guide.status == GuideStatus.RECHECK)).all()


def test_a_changed_provision_asks_for_a_recheck_and_new_words_in_its_sources_do_not(session, desk, make, wijzer):
    law = make.law()
    provision = make.provision(law)
    rule = {
        "law": law.key,
        "title": "Proefwet",
        "provision": provision.key,
        "article": provision.article,
        "instrument": provision.instrument,
        "role": "biedt_ruimte",
        "on_date": "2026-11-03",
    }
    wijzer.rewrite(rules=[rule])
    wijzer.publish()
    provision.details = {**provision.details, "sources": ["https://nieuw.example"]}
    session.flush()
    assert _rechecked(session, desk) == []
    provision.details = {"conditions": ["Strenger dan voorheen"]}
    session.flush()
    assert _rechecked(session, desk) == [wijzer.guide.id]
    guides.confirm(wijzer.reviewer, wijzer.slug, wijzer.version)
    assert _rechecked(session, desk) == []


def test_two_people_never_overwrite_each_other(wijzer):
    seen = wijzer.version
    later = wijzer.desk.later(1).context(wijzer.desk.handler)
    guides.save(later, wijzer.slug, seen, text(short_answer="Eerst."))
    wijzer.desk.session.flush()
    with pytest.raises(VersionConflict):
        guides.save(later, wijzer.slug, seen, text(short_answer="Daarna."))


def test_only_who_confirmed_hears_of_a_change_in_its_own_language(session, make, wijzer):
    wijzer.publish()
    for number, (confirmed, language) in enumerate([(True, "nl"), (False, "nl"), (True, "en")], 1):
        make.add(
            GuideFollower(
                guide_id=wijzer.guide.id,
                email=f"volger{number}@straat.example",
                public_id=f"volger{number:06d}",
                nonce="x",
                asked_at=make.now,
                confirmed_at=make.now if confirmed else None,
                ends_on=make.today,
                language=language,
            )
        )
    guides.ask_recheck(wijzer.writer, wijzer.slug, wijzer.version, "De wet is gewijzigd.")
    mails = session.scalars(
        select(OutboxMail).where(OutboxMail.kind == "ruimtewijzer_gewijzigd").order_by(OutboxMail.id)
    ).all()
    assert [mail.to_address for mail in mails] == ["volger1@straat.example", "volger3@straat.example"]
    dutch, english = (mail.body for mail in mails)
    assert "Wij kijken deze tekst opnieuw na. De wet is gewijzigd." in dutch
    assert "We are checking this text again." in english
    assert "The reason, as it was written in Dutch:\nDe wet is gewijzigd." in english
    assert f"/en/ruimtewijzers/{wijzer.slug}\n" in english and "/en/ruimtewijzers/volgen/" in english
    assert "/en/" not in dutch


@pytest.mark.parametrize("step", GUIDE_STEPS, ids=lambda step: step.name)
def test_a_step_is_refused_in_every_state_where_it_does_not_start(step):
    for status in set(GuideStatus) - step.sources:
        with pytest.raises(TransitionNotAllowed):
            step.check_from(status)


def test_a_role_without_the_right_does_nothing(session, desk, make, wijzer):
    for account in (make.filer(), make.member(), desk.reviewer):
        with pytest.raises(PermissionDenied):
            guides.create(desk.context(account), text())
    with pytest.raises(PermissionDenied):
        guides.review(wijzer.writer, wijzer.slug, wijzer.version)
    with pytest.raises(NotFound):
        guides.save(wijzer.writer, "bestaat-niet", 1, text())
    assert queries.sitemap_entries(session) == []


def test_a_name_in_a_version_is_stopped_until_the_second_person_says_why_it_may_stand(session, wijzer):
    wijzer.rewrite(conditions="Volgens mevrouw Pluimstra mag het alleen in de zomer.")

    with pytest.raises(DomainError, match="In de voorwaarden staat een naam: ‘Pluimstra’") as refused:
        wijzer.review()

    assert refused.value.field == "pass_reason"
    guides.review(wijzer.reviewer, wijzer.slug, wijzer.version, "Zij is wethouder en gaf hier leiding aan.")
    kept = session.scalars(select(Event.data).where(Event.kind == GuideEvent.REVIEWED)).one()
    assert kept["toch_openbaar"] == {"naam": 1}
    assert "Pluimstra" not in str(kept)
    guides.publish(wijzer.writer, wijzer.slug, wijzer.version)
    assert wijzer.guide.status is GuideStatus.PUBLIC


def test_the_contact_of_the_case_that_a_guide_was_made_of_is_in_no_version(desk, wijzer):
    case = desk.file(contact_name="Wobbine van der Zwaluw")
    wijzer.guide.case_id = case.id
    wijzer.rewrite(room="Wobbine kreeg een vergunning voor tien jaar.")

    with pytest.raises(DomainError, match="‘Wobbine’"):
        wijzer.review()


def test_a_reason_on_the_public_page_holds_no_telephone_number(wijzer):
    wijzer.publish()

    with pytest.raises(DomainError, match="In de reden staat een telefoonnummer"):
        guides.ask_recheck(wijzer.writer, wijzer.slug, wijzer.version, "Bel 06-12345678, de regel is veranderd.")
