"""The public text of a case: nothing personal in it, frozen as the submitter saw it, and corrected in sight of all."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    EventKind,
    MessageKind,
    ParticipantStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Role,
    Verdict,
)
from knelpunt.models import (
    CaseParticipant,
    Contact,
    Event,
    Municipality,
    OutboxMail,
    PublicText,
    PublishedCase,
    Review,
)
from knelpunt.queries.figures.dashboards import day_of
from knelpunt.queries.public import published
from knelpunt.services.cases import publication, resolution, reviews
from knelpunt.services.jobs import reminders
from knelpunt.services.mail import messages
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import second_look


@pytest.fixture
def proposed(desk):
    case = desk.file(contact_name="Wobbine van der Zwaluw", contact_email="wobbine.z@proef.example")
    desk.take_in(case)
    desk.weigh(case)
    desk.start_handling(case)
    desk.propose(case)
    submitter.accept_proposal(desk.follower(case), case.reference)
    return case


def text_of(desk, case):
    return desk.session.get(PublicText, case.id, populate_existing=True)


def approve(desk, case, review, reason=""):
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id, pass_reason=reason)


def preview(desk, case):
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)


def publish(desk, case):
    submitter.agree_to_text(desk.follower(case), case.reference)
    publication.publish(desk.context(desk.handler), case.reference, case.version)


@pytest.mark.parametrize(
    "question",
    [
        "Wobbine wil een buurthuis. Mag dat?",
        "Mail wobbine.z [at] proef punt example, mag dat?",
        "Bel 06 - 12 34 56 78 voor de school.",
    ],
)
def test_closing_stops_at_a_name_an_address_or_a_number_until_the_reviewer_says_why_it_may_stand(
    desk, proposed, question
):
    desk.write_public_text(proposed, question=question)
    review = desk.ask_closing(proposed)

    with pytest.raises(DomainError, match="In de vraag staat een ") as refused:
        approve(desk, proposed, review)

    assert refused.value.field == "pass_reason"
    approve(desk, proposed, review, "De indiener vroeg hier zelf om.")
    kept = desk.session.scalars(
        select(Event.data)
        .where(Event.case_id == proposed.id, Event.kind == EventKind.REVIEW_APPROVED)
        .order_by(Event.number.desc())
        .limit(1)
    ).one()
    assert sum(kept["toch_openbaar"].values()) == 1
    assert "Wobbine" not in str(kept) and "12 34" not in str(kept)
    assert desk.session.get(Review, review.id).pass_reason == "De indiener vroeg hier zelf om."
    preview(desk, proposed)
    publish(desk, proposed)
    assert desk.session.get(PublishedCase, proposed.id).question == question


def test_who_wrote_the_text_lets_nothing_stand_in_it(desk, proposed, make):
    desk.write_public_text(proposed, question="Wobbine wil een buurthuis.")
    text_of(desk, proposed).written_by_id = desk.reviewer.id
    review = desk.ask_closing(proposed)

    with pytest.raises(PermissionDenied):
        approve(desk, proposed, review, "Dat mag.")


def test_a_next_step_at_closing_with_a_name_in_it_is_stopped_too(desk, proposed):
    desk.write_public_text(proposed, next_step="Vraag het aan mevrouw Pluimstra.")
    review = desk.ask_closing(proposed)

    with pytest.raises(DomainError, match="In de volgende stap staat een naam: ‘Pluimstra’"):
        approve(desk, proposed, review)


def test_a_contact_that_changed_since_the_review_stops_the_preview_and_the_publication(desk, proposed):
    desk.close_accepted(proposed, question="Rietveld wil een buurthuis in de school.")
    contact = desk.session.get(Contact, proposed.id)
    preview(desk, proposed)
    submitter.agree_to_text(desk.follower(proposed), proposed.reference)
    contact.name = "Wobbine Rietveld"
    desk.session.flush()

    with pytest.raises(DomainError, match="‘Rietveld’"):
        publication.publish(desk.context(desk.handler), proposed.reference, proposed.version)
    publication.stop_preview(desk.context(desk.handler), proposed.reference, proposed.version)
    with pytest.raises(DomainError, match="‘Rietveld’"):
        preview(desk, proposed)
    assert proposed.publication is PublicationStatus.INTERNAL


def test_the_submitter_sees_the_next_step_and_the_rules_in_the_preview_and_they_go_public_as_they_were(desk, proposed):
    desk.close_accepted(proposed, next_step="De gemeente past haar beleid aan.")
    preview(desk, proposed)

    mail = desk.session.scalars(select(OutboxMail.body).where(OutboxMail.kind == "ter_inzage")).one()
    assert "De gemeente past haar beleid aan." in mail
    assert "De regels die erbij staan:\nBiedt ruimte: " in mail
    publish(desk, proposed)
    record = desk.session.get(PublishedCase, proposed.id)
    assert record.next_step == "De gemeente past haar beleid aan."
    assert proposed.next_step == "Vraag de vergunning aan bij de gemeente."


def test_the_preview_tells_every_side_of_the_case_that_goes_public_with_the_text(desk, client, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)

    place = desk.session.get_one(Municipality, proposed.municipality_id).name
    lines = [
        "Het oordeel: Kan met ontheffing of experiment",
        "Het resultaat: Opgelost met een ontheffing of afwijking",
        "Het onderwerp: Iets anders",
        f"De gemeente: {place}",
        "Wie het meldde: Bewonersinitiatief",
        "De dag van indienen: dinsdag 3 november 2026",
        f"De dag van afsluiten: {date_in_words(desk.today)}",
    ]
    mail = desk.session.scalars(select(OutboxMail.body).where(OutboxMail.kind == "ter_inzage")).one()
    assert "Dit staat er ook bij:\n" + "\n".join(lines) in mail
    desk.links = client.application.config["LINKS"]
    link = messages.follow_url(desk.system, proposed).removeprefix(desk.links.base_url)
    desk.session.commit()
    for address in (link, f"{link}/openbare-tekst/bezwaar"):
        page = client.get(address).get_data(as_text=True)
        assert [line for line in lines if f"<li>{line}</li>" not in page] == []


def test_a_municipality_that_joins_after_the_preview_asks_a_new_preview(desk, make, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    submitter.agree_to_text(desk.follower(proposed), proposed.reference)
    other = make.organisation()
    make.add(
        CaseParticipant(
            case_id=proposed.id,
            municipality_id=other.municipality_id,
            organisation_id=other.id,
            status=ParticipantStatus.JOINED,
            asked_at=desk.now,
            ends_on=date(2027, 1, 1),
        )
    )
    name = desk.session.get_one(Municipality, other.municipality_id).name

    with pytest.raises(DomainError, match="het onderwerp, een regel of een gemeente"):
        publication.publish(desk.context(desk.handler), proposed.reference, proposed.version)

    publication.stop_preview(desk.context(desk.handler), proposed.reference, proposed.version)
    preview(desk, proposed)
    previews = select(OutboxMail.body).where(OutboxMail.kind == "ter_inzage").order_by(OutboxMail.id)
    assert f"Samen met: {name}" in desk.session.scalars(previews).all()[-1]


def test_who_was_to_read_a_text_hears_that_it_was_taken_back(desk, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    publication.stop_preview(desk.context(desk.handler), proposed.reference, proposed.version)

    told = desk.session.execute(select(OutboxMail.kind, OutboxMail.to_address).order_by(OutboxMail.id)).all()
    assert tuple(told[-1]) == ("inzage_gestopt", "wobbine.z@proef.example")


@pytest.mark.parametrize("step", ["heropend", "heroverweging_gestart", "heroverweging_ontvangen"])
def test_a_text_that_goes_back_because_the_case_goes_on_is_told_after_the_step_itself(desk, proposed, make, step):
    desk.close_accepted(proposed)
    reference = proposed.reference

    def take():
        if step == "heropend":
            resolution.reopen(desk.context(desk.handler), reference, proposed.version, "Het plan zit weer vast.")
        elif step == "heroverweging_ontvangen":
            second_look.ask(desk.follower(proposed), reference, ["Er is een nieuwe brief."])
        else:
            resolution.start_second_look(
                desk.context(make.head_of_desk()),
                reference,
                proposed.version,
                reason="Er is een nieuwe brief.",
                handler_id=make.handler().id,
            )

    preview(desk, proposed)
    take()

    to_submitter = select(OutboxMail.kind).where(OutboxMail.to_address == "wobbine.z@proef.example")
    told = desk.session.scalars(to_submitter.order_by(OutboxMail.id)).all()
    assert told[-1] == "inzage_gestopt"
    assert told[-2] not in ("inzage_gestopt", "ter_inzage")
    assert told.count("inzage_gestopt") == 1


def test_the_title_of_a_rule_beside_the_text_is_marked_as_dutch_on_an_english_page(desk, client, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    proposed.language = "en"
    desk.links = client.application.config["LINKS"]
    link = messages.follow_url(desk.system, proposed).removeprefix(desk.links.base_url)
    desk.session.commit()

    page = client.get(link, follow_redirects=True).get_data(as_text=True)

    (rule,) = text_of(desk, proposed).shown["provisions"]
    assert f': <span lang="nl">{rule["title"]}, {rule["article"]}</span></li>' in page


def test_who_stops_a_preview_reads_first_that_the_submitter_hears_so(desk, proposed, client_as):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    desk.session.commit()

    page = client_as(desk.handler).get(f"/zaken/{proposed.reference}/inzage-stoppen").get_data(as_text=True)

    assert "De indiener krijgt een mail." in page


def of_heads(desk, kind):
    found = select(OutboxMail.to_address).where(OutboxMail.kind == kind, OutboxMail.account_id.is_not(None))
    return desk.session.scalars(found.order_by(OutboxMail.id)).all()


def test_once_the_handler_left_the_heads_hear_once_that_the_time_for_a_text_is_over(desk, proposed, make):
    heads = [make.head_of_desk(), make.head_of_desk()]
    desk.close_accepted(proposed)
    preview(desk, proposed)
    desk.handler.is_active = False
    desk.session.flush()

    for _day in range(60):
        desk.later(1)
        reminders.tell_preview_over(desk.system, proposed.id)

    assert of_heads(desk, "termijn_voorbij") == [head.email for head in heads]


def object_to(desk, case):
    submitter.object_to_text(desk.follower(case), case.reference, "De titel klopt niet.")


def to_decide(desk, case, account=None):
    day = day_of(desk.session, desk.context(account or desk.handler).actor, desk.today)
    return [(row.kind, row.reference) for row in day.to_decide if row.reference == case.reference]


def test_an_objection_waits_on_the_day_of_the_handler_until_the_text_is_laid_there_anew(desk, proposed, client_as):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    assert to_decide(desk, proposed) == []
    object_to(desk, proposed)
    desk.later(20)

    assert to_decide(desk, proposed) == [(MessageKind.OBJECTION, proposed.reference)]
    assert "bezwaar tegen de openbare tekst" in client_as(desk.handler).get("/vandaag").get_data(as_text=True)
    preview(desk, proposed)
    assert to_decide(desk, proposed) == []


def test_an_objection_waits_until_the_handler_says_that_the_text_will_not_be_made_public(desk, proposed, client_as):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    with pytest.raises(DomainError, match="ligt al ter inzage"):
        publication.keep_back(desk.context(desk.handler), proposed.reference, proposed.version)
    object_to(desk, proposed)
    desk.session.commit()

    client = client_as(desk.handler)
    page = client.get(f"/zaken/{proposed.reference}/niet-openbaar").get_data(as_text=True)
    assert "De indiener krijgt een mail." in page
    publication.keep_back(desk.context(desk.handler), proposed.reference, proposed.version)
    desk.session.commit()

    assert to_decide(desk, proposed) == []
    told = desk.session.execute(select(OutboxMail.kind, OutboxMail.to_address).order_by(OutboxMail.id)).all()
    assert tuple(told[-1]) == ("tekst_niet_openbaar", "wobbine.z@proef.example")
    case_page = client.get(f"/zaken/{proposed.reference}").get_data(as_text=True)
    assert "Het loket maakt deze tekst niet openbaar" in case_page
    with pytest.raises(DomainError, match="Er wacht geen bezwaar"):
        publication.keep_back(desk.context(desk.handler), proposed.reference, proposed.version)
    preview(desk, proposed)
    object_to(desk, proposed)
    assert len(to_decide(desk, proposed)) == 1, "a new objection waits anew"


def test_a_new_text_is_free_of_an_objection_only_when_the_old_one_stayed_inside(desk, proposed, client_as):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    object_to(desk, proposed)
    words = {"title": "Een tuin", "question": "Mag dat?", "answer": "Ja."}

    text = publication.save_public_text(desk.context(desk.handler), proposed.reference, proposed.version, **words)
    assert text.objection == "De titel klopt niet."
    assert len(to_decide(desk, proposed)) == 1
    publication.keep_back(desk.context(desk.handler), proposed.reference, proposed.version)
    publication.save_public_text(desk.context(desk.handler), proposed.reference, proposed.version, **words)
    desk.session.commit()

    assert (text.objection, text.kept_back_on, to_decide(desk, proposed)) == (None, None, [])
    page = client_as(desk.handler).get(f"/zaken/{proposed.reference}").get_data(as_text=True)
    assert "Het loket maakt deze tekst niet openbaar, sinds" not in page


def test_the_heads_hear_once_that_an_objection_waits_for_more_than_five_working_days(desk, proposed, make):
    heads = [make.head_of_desk(), make.head_of_desk()]
    desk.close_accepted(proposed)
    preview(desk, proposed)
    object_to(desk, proposed)
    said_on, at_once = desk.today, of_heads(desk, "reactie_indiener").count(desk.handler.email)

    heard = []
    for _day in range(40):
        desk.later(1)
        if proposed.id in desk.session.scalars(reminders.waiting_objections(desk.system)).all():
            reminders.tell_of_objection(desk.system, proposed.id)
        to_heads = [each for each in of_heads(desk, "reactie_indiener") if each in {head.email for head in heads}]
        if to_heads and not heard:
            heard.append(desk.today)

    assert to_heads == [head.email for head in heads]
    assert of_heads(desk, "reactie_indiener").count(desk.handler.email) == at_once + 1
    assert heard == [add_working_days(said_on, 5) + timedelta(days=1)]


def test_the_head_sees_an_objection_that_waited_longer_than_five_working_days_at_somebody_else(desk, proposed, make):
    head, other = make.head_of_desk(), make.handler()
    desk.close_accepted(proposed)
    preview(desk, proposed)
    object_to(desk, proposed)

    seen = []
    for _day in range(12):
        seen += [desk.today] * bool(to_decide(desk, proposed, head))
        assert to_decide(desk, proposed, other) == []
        desk.later(1)

    assert seen[0] == add_working_days(seen[-1] - timedelta(days=11), 5) + timedelta(days=1)
    publication.keep_back(desk.context(desk.handler), proposed.reference, proposed.version)
    assert to_decide(desk, proposed, head) == []


@pytest.mark.parametrize("settled", ["laid there anew", "kept back"])
def test_no_head_hears_of_an_objection_that_was_settled(desk, proposed, make, settled):
    head = make.head_of_desk()
    desk.close_accepted(proposed)
    preview(desk, proposed)
    object_to(desk, proposed)
    if settled == "kept back":
        publication.keep_back(desk.context(desk.handler), proposed.reference, proposed.version)
    else:
        preview(desk, proposed)
    desk.later(10)

    assert desk.session.scalars(reminders.waiting_objections(desk.system)).all() == []
    reminders.tell_of_objection(desk.system, proposed.id)
    assert head.email not in of_heads(desk, "reactie_indiener")


@pytest.mark.parametrize("leaves", ["left", "another role"])
def test_once_the_handler_of_an_open_case_left_the_heads_hear_what_its_submitter_does(desk, make, leaves):
    head, case = make.head_of_desk(), desk.bring("in_behandeling")
    if leaves == "left":
        desk.handler.is_active = False
    else:
        desk.handler.role = Role.REVIEWER
    desk.session.flush()

    submitter.add(desk.follower(case), case.reference, "Er is een nieuwe brief.")
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)

    assert of_heads(desk, "reactie_indiener") == [head.email] * 2


def test_a_new_case_that_nobody_took_tells_no_head_what_its_submitter_does(desk, make):
    make.head_of_desk()
    case = desk.file()
    submitter.add(desk.follower(case), case.reference, "Er is een nieuwe brief.")
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)

    assert of_heads(desk, "reactie_indiener") == []


def test_a_case_that_opens_again_after_its_handler_left_is_told_to_the_other_heads(desk, proposed, make):
    by, other = make.head_of_desk(), make.head_of_desk()
    desk.close_accepted(proposed)
    desk.handler.is_active = False
    desk.session.flush()

    resolution.reopen(desk.context(by), proposed.reference, proposed.version, "Het plan zit weer vast.")

    assert of_heads(desk, MailKind.REOPENED_FOR_YOU) == [other.email]


def test_a_case_that_opens_again_with_no_text_before_its_submitter_tells_of_none(desk, proposed):
    desk.close_accepted(proposed)
    resolution.reopen(desk.context(desk.handler), proposed.reference, proposed.version, "Het plan zit weer vast.")

    assert "inzage_gestopt" not in desk.session.scalars(select(OutboxMail.kind)).all()


def test_a_text_that_an_earlier_release_laid_before_its_submitter_still_becomes_public(desk, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    text = text_of(desk, proposed)
    text.shown = {name: text.shown[name] for name in ("verdict", "result", "provisions")}
    desk.session.flush()

    publish(desk, proposed)

    assert desk.session.get(PublishedCase, proposed.id).theme == proposed.theme


def test_without_one_of_its_own_the_text_takes_the_next_step_of_the_closing_into_the_preview(desk, proposed):
    desk.close_accepted(proposed)

    assert text_of(desk, proposed).next_step == "Vraag de vergunning aan bij de gemeente."


def test_a_rule_that_was_linked_after_the_preview_asks_a_new_preview(desk, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    desk.weigh(proposed, AssessmentRole.BLOCKS)
    submitter.agree_to_text(desk.follower(proposed), proposed.reference)

    with pytest.raises(DomainError, match="Na de inzage"):
        publication.publish(desk.context(desk.handler), proposed.reference, proposed.version)

    publication.stop_preview(desk.context(desk.handler), proposed.reference, proposed.version)
    preview(desk, proposed)
    publish(desk, proposed)
    assert len(desk.session.get(PublishedCase, proposed.id).provisions) == 2


def test_an_approved_correction_is_visible_at_once_with_the_day_and_what_changed(desk, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    publish(desk, proposed)
    desk.later(7)
    desk.write_public_text(proposed, answer="Ja, met een vergunning voor tien jaar.")
    with pytest.raises(DomainError, match="wat er is gewijzigd"):
        publication.request_text_review(desk.context(desk.handler), proposed.reference, proposed.version)
    review = publication.request_text_review(
        desk.context(desk.handler), proposed.reference, proposed.version, "De termijn van de vergunning."
    )

    approve(desk, proposed, review)

    found = published.published_case(desk.session, proposed.reference)
    assert found.answer == "Ja, met een vergunning voor tien jaar."
    assert found.corrections == [{"on": desk.today.isoformat(), "what": "De termijn van de vergunning."}]
    assert found.published_on == date(2026, 11, 3)
    told = dict(desk.session.execute(select(OutboxMail.kind, OutboxMail.body)).all())
    assert "De termijn van de vergunning." in told["publicatie_gewijzigd"]
    assert "De wijziging staat nu op de openbare pagina" in told["openbare_tekst_getoetst"]


def test_the_page_of_a_correction_shows_what_it_makes_public(desk, proposed, client_as):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    publish(desk, proposed)
    proposed.verdict = Verdict.STRICT_PRACTICE
    desk.session.flush()
    desk.write_public_text(proposed, answer="Ja, met een vergunning voor tien jaar.")
    desk.session.commit()

    page = client_as(desk.handler).get(f"/zaken/{proposed.reference}/tekst-toetsen").get_data(as_text=True)

    assert "<li>Het oordeel: Te streng uitgelegd</li>" in page
    assert "<li>Het oordeel: Kan met ontheffing of experiment</li>" not in page
    review = publication.request_text_review(
        desk.context(desk.handler), proposed.reference, proposed.version, "Het oordeel."
    )
    approve(desk, proposed, review)
    assert desk.session.get(PublishedCase, proposed.id, populate_existing=True).verdict is Verdict.STRICT_PRACTICE


def test_the_handler_hears_what_happens_next_also_when_a_colleague_asked_for_the_review(desk, proposed, make):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    publish(desk, proposed)
    colleague = make.handler()
    desk.write_public_text(proposed, answer="Ja, met een vergunning voor tien jaar.")
    review = publication.request_text_review(
        desk.context(colleague), proposed.reference, proposed.version, "De termijn."
    )

    approve(desk, proposed, review)

    told = select(OutboxMail.to_address).where(OutboxMail.kind == "openbare_tekst_getoetst")
    assert sorted(desk.session.scalars(told.where(OutboxMail.body.contains("De wijziging staat nu")))) == sorted(
        [desk.handler.email, colleague.email]
    )


def test_reopening_takes_a_waiting_correction_back_and_leaves_the_public_page_as_it_was(desk, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    publish(desk, proposed)
    desk.write_public_text(proposed, answer="Ja, met een vergunning voor tien jaar.")
    review = publication.request_text_review(
        desk.context(desk.handler), proposed.reference, proposed.version, "De termijn van de vergunning."
    )

    resolution.reopen(desk.context(desk.handler), proposed.reference, proposed.version, "Het plan zit weer vast.")

    assert review.status is ReviewStatus.CANCELLED
    with pytest.raises(DomainError, match="al besloten"):
        approve(desk, proposed, review)
    review.status = ReviewStatus.OPEN  # as an older release left it
    desk.session.flush()
    with pytest.raises(TransitionNotAllowed, match="als de zaak is afgesloten"):
        approve(desk, proposed, review)
    record = desk.session.get(PublishedCase, proposed.id, populate_existing=True)
    assert (record.answer, record.result) == ("Ja, met een tijdelijke vergunning.", Result.WITH_ONTHEFFING)


def test_a_correction_with_a_telephone_number_in_it_does_not_reach_the_page(desk, proposed):
    desk.close_accepted(proposed)
    preview(desk, proposed)
    publish(desk, proposed)
    desk.write_public_text(proposed, answer="Ja, bel 0348 - 55 51 23.")
    review = publication.request_text_review(
        desk.context(desk.handler), proposed.reference, proposed.version, "Een nummer erbij."
    )

    with pytest.raises(DomainError, match="telefoonnummer"):
        approve(desk, proposed, review)

    assert "0348" not in desk.session.get(PublishedCase, proposed.id).answer


def link_local_rule(desk, case, name):
    law = desk.make.law()
    desk.make.assessment(case, desk.make.provision(law), provision_id=None, article=name, author_id=desk.handler.id)


def test_a_local_rule_may_be_called_after_an_address_but_after_a_person_only_when_a_second_one_says_why(desk, proposed):
    link_local_rule(desk, proposed, "Bestemmingsplan Dorpsstraat 12")
    desk.close_accepted(proposed)
    preview(desk, proposed)
    publish(desk, proposed)
    link_local_rule(desk, proposed, "Besluit van mevrouw Pluimstra")
    desk.write_public_text(proposed, answer="Ja, met een vergunning voor tien jaar.")
    review = publication.request_text_review(
        desk.context(desk.handler), proposed.reference, proposed.version, "Een regel erbij."
    )

    with pytest.raises(DomainError, match="In de gekoppelde regels staat een naam: ‘Pluimstra’") as refused:
        approve(desk, proposed, review)

    assert refused.value.field == "pass_reason"
    record = desk.session.get(PublishedCase, proposed.id, populate_existing=True)
    assert [each["article"] for each in record.provisions][1:] == ["Bestemmingsplan Dorpsstraat 12"]
    approve(desk, proposed, review, "Zo heet het besluit, en het is openbaar.")
    record = desk.session.get(PublishedCase, proposed.id, populate_existing=True)
    assert record.provisions[2]["article"] == "Besluit van mevrouw Pluimstra"


def test_what_was_let_stand_holds_for_those_words_and_not_for_others_in_their_place(desk, proposed):
    desk.write_public_text(proposed)
    review = desk.ask_closing(proposed, next_step="Bel mevrouw Pluimstra.")
    approve(desk, proposed, review, "Zij staat op de openbare site van de gemeente.")
    resolution.reopen(desk.context(desk.handler), proposed.reference, proposed.version, "De regel is veranderd.")
    desk.propose(proposed)
    submitter.accept_proposal(desk.follower(proposed), proposed.reference)
    again = desk.ask_closing(proposed, next_step="Bel mevrouw Plantinga.")
    with pytest.raises(DomainError, match="In de volgende stap staat een naam: ‘Plantinga’") as refused:
        approve(desk, proposed, again)
    assert refused.value.field == "pass_reason"
