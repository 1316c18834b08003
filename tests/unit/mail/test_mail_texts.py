"""Every kind of mail has a whole, plain text."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.privacy.requests import RequestKind
from knelpunt.domain.vocabulary import ReferralStatus, SecondLookOutcome
from knelpunt.queries.public.news import News, NewsKind
from knelpunt.services.cases.mail_texts.reminders import WaitsFor
from knelpunt.services.consultations.mail_texts import Asked, Waiting
from knelpunt.services.mail.texts import (
    NO_REPLY,
    WHY_COLLEAGUE,
    WHY_OFFICIAL,
    WHY_READER,
    WHY_SUBMITTER,
    WHY_USER,
    About,
    MailText,
    with_way_to_answer,
)
from knelpunt.services.post.mail_texts import Happened
from knelpunt.services.referrals.mail_texts import Offer
from tests.support.mail_texts import ACCOUNT_TEXTS, STAFF_TEXTS, SUBMITTER_TEXTS

MOST_WORDS_IN_A_SENTENCE = 18
BY_LINK = About("KNP-2026-00042", "Moestuin op het dak", "https://knelpunt.example/volgen/abc", is_private_link=True)
BY_ACCOUNT = About("KNP-2026-00042", "Moestuin op het dak", "https://knelpunt.example/onze-zaken/KNP-2026-00042")
DAY = date(2026, 12, 4)
NOON = datetime(2026, 12, 4, 12, tzinfo=UTC)
IN_WORDS = "vrijdag 4 december 2026"
OFFER = Offer("KNP-2026-00042", "Woonloket Zwolle", DAY, "https://knelpunt.example/overnemen/a")
OFFERED = {
    "organisation": "Woonloket Zwolle",
    "reason": "De gemeente beslist hier zelf over.",
    "handler": "Behandelaar demo",
}
ASKED = Asked(
    "KNP-2026-00042", "Ministerie van Proeven", DAY, date(2027, 1, 1), "https://knelpunt.example/raadplegen/a"
)

ABOUT_QUARTER = {"quarter": "het 3e kwartaal van 2026", "url": "https://knelpunt.example/kwartaalreactie/a"}

ABOUT_REQUEST = "https://knelpunt.example/privacy/verzoek/1"
VALUES: dict[MailKind, dict[str, Any]] = {
    MailKind.QUARTER_SEAL_ASKED: ABOUT_QUARTER,
    MailKind.QUARTER_CHECK_GIVEN: {**ABOUT_QUARTER, "title": "Open zonder behandelaar", "due_on": DAY},
    MailKind.QUARTER_TEXT_ASKED: ABOUT_QUARTER,
    MailKind.QUARTER_TEXT_DECIDED: {**ABOUT_QUARTER, "is_approved": False},
    MailKind.QUARTER_COMMENT_ASKED: {**ABOUT_QUARTER, "ministry": "Ministerie van Proeven", "due_on": DAY},
    MailKind.QUARTER_COMMENT_REMINDER: {**ABOUT_QUARTER, "due_on": DAY},
    MailKind.QUARTER_COMMENTED: {**ABOUT_QUARTER, "ministry": "Ministerie van Proeven"},
    MailKind.QUARTER_DAY_REMINDER: {**ABOUT_QUARTER, "what": "Verzegel de cijfers", "due_on": DAY, "is_late": False},
    MailKind.COMMITMENT_REMINDER: {
        "title": "Elk jaar een voortgangsbrief",
        "due_on": DAY,
        "is_late": False,
        "url": "https://knelpunt.example/toezeggingen/1",
    },
    MailKind.PRIVACY_RECEIVED: {"kind": RequestKind.ERASURE, "due_on": DAY, "url": ABOUT_REQUEST},
    MailKind.PRIVACY_EXTENDED: {"due_on": DAY, "url": ABOUT_REQUEST},
    MailKind.PRIVACY_ANSWERED: {"url": ABOUT_REQUEST},
    MailKind.PRIVACY_DUE: {"number": 3, "due_on": DAY, "is_late": False, "url": ABOUT_REQUEST},
    MailKind.RECEIPT: {"next_date": DAY},
    MailKind.FOLLOW_LINK: {},
    MailKind.HANDLER_NAMED: {"handler_name": "Behandelaar demo", "next_date": DAY},
    MailKind.QUESTION: {"question": "Welk plan geldt hier?", "why": "Dat staat er niet bij.", "answer_by": DAY},
    MailKind.REMINDER_HALFWAY: {"question": "Welk plan geldt hier?", "answer_by": DAY},
    MailKind.REACTION_REMINDER: {"waits_for": WaitsFor.PROPOSAL, "until": DAY, "is_last": False},
    MailKind.REMINDER_LAST: {"question": "Welk plan geldt hier?", "answer_by": DAY},
    MailKind.ANSWER_RECEIVED: {"next_date": DAY},
    MailKind.NO_REACTION: {"answer_by": DAY, "next_date": date(2026, 12, 18)},
    MailKind.MESSAGE: {"body": "Wij spraken de gemeente."},
    MailKind.VERDICT: {"plain": "De regel mag soepeler.", "legal": "Artikel 4 staat dit toe.", "next_date": DAY},
    MailKind.VERDICT_CHANGED: {
        "plain": "De regel mag soepeler.",
        "legal": "Artikel 4 staat dit toe.",
        "next_date": DAY,
    },
    MailKind.PROPOSAL: {
        "text": "Vraag een ontheffing aan.",
        "legal_basis": "Artikel 4",
        "legal_date": date(2026, 11, 24),
        "conditions": "Niet langer dan een jaar.",
        "who_acts": "De gemeente",
        "act_by": date(2027, 1, 15),
        "react_by": DAY,
    },
    MailKind.PROPOSAL_ACCEPTED: {"next_date": DAY},
    MailKind.PROPOSAL_REFUSED: {"next_date": DAY},
    MailKind.PROPOSAL_LAPSED: {"react_by": DAY, "next_date": DAY},
    MailKind.CLOSED: {
        "result": "Met ontheffing of afwijking",
        "reason": "De gemeente gaf een ontheffing.",
        "next_step": "U kunt beginnen.",
        "contest_until": DAY,
    },
    MailKind.LEAVE_COVER: {
        "name": "Behandelaar demo",
        "first_day": DAY,
        "last_day": date(2026, 12, 18),
        "url": "https://knelpunt.example/vandaag",
    },
    MailKind.WORK_LEFT: {
        "name": "Behandelaar demo",
        "left": ["Er is geen hoofd van het loket meer. Een beheerder geeft een collega deze rol."],
        "url": "https://knelpunt.example/vandaag",
    },
    MailKind.CLIENT_MADE: {"name": "Zaaksysteem", "organisation": "Gemeente Oudstad", "ends_on": DAY, "is_new": False},
    MailKind.CLIENT_ENDING: {
        "name": "Zaaksysteem",
        "organisation": "Gemeente Oudstad",
        "ends_on": DAY,
        "url": "https://knelpunt.example/onze-organisatie/koppelingen",
    },
    MailKind.SUBSCRIPTION_MADE: {"host": "zaken.voorbeeld.nl", "organisation": "Gemeente Oudstad", "is_new": True},
    MailKind.SUBSCRIPTION_OFF: {
        "host": "zaken.voorbeeld.nl",
        "organisation": "Gemeente Oudstad",
        "url": "https://knelpunt.example/onze-organisatie/koppelingen/abonnementen/1",
    },
    MailKind.MIRROR_PARKED: {
        "host": "zaken.voorbeeld.nl",
        "organisation": "Gemeente Oudstad",
        "url": "https://knelpunt.example/onze-organisatie/koppelingen/abonnementen/1",
    },
    MailKind.CLIENT_REVOKED: {"name": "Zaaksysteem", "organisation": "Gemeente Oudstad", "ends_on": DAY},
    MailKind.MERGER_PLANNED: {
        "old": "Gemeente Oudstad",
        "new": "Gemeente Nieuwstad",
        "day": DAY,
        "needs_password": True,
    },
    MailKind.MERGER_CANCELLED: {"old": "Gemeente Oudstad", "new": "Gemeente Nieuwstad", "day": DAY},
    MailKind.MERGER_DONE: {
        "old": "Gemeente Oudstad",
        "new": "Gemeente Nieuwstad",
        "day": DAY,
        "url": "https://knelpunt.example/onze-zaken",
        "needs_password": True,
    },
    MailKind.MENTIONED: {},
    MailKind.REOPENED_FOR_YOU: {},
    MailKind.ASSIGNED: {},
    MailKind.TASK_GIVEN: {"due_on": DAY},
    MailKind.TASK_DUE: {"due_on": DAY},
    MailKind.REVIEW_ASKED: {"step": "het voorstel aan de indiener"},
    MailKind.DAILY_DIGEST: {
        "lines": ["Een collega gaf u een taak (KNP-2026-00042)"],
        "more": 2,
        "url": "https://knelpunt.example/meldingen",
        "choose_url": "https://knelpunt.example/mijn-account/meldingen",
    },
    MailKind.CONSULTATION_ASKED: {"about": ASKED},
    MailKind.CONSULTATION_REMINDER: {"about": ASKED, "is_last": False},
    MailKind.CONSULTATION_MORE_TIME: {"about": ASKED, "is_given": True},
    MailKind.CONSULTATION_OVER: {"about": ASKED},
    MailKind.CONSULTATION_LIST: {
        "ministry": "Ministerie van Proeven",
        "waiting": [Waiting("KNP-2026-00042", "Omgevingswet, artikel 5.1", DAY, DAY, is_late=True)],
    },
    MailKind.CONSULTATION_NEWS: {"what": "een antwoord"},
    MailKind.WITH_MINISTRY: {"ministry": "Ministerie van Proeven", "asked_on": DAY},
    MailKind.MINISTRY_DONE: {
        "ministry": "Ministerie van Proeven",
        "is_answered": False,
        "is_theirs": True,
        "is_taken_back": False,
    },
    MailKind.SHARING_ASKED: {**OFFERED, "answer_by": DAY},
    MailKind.REFERRAL_OFFERED: {**OFFERED, "answer_by": DAY},
    MailKind.REFERRED: {
        "organisation": "Woonloket Zwolle",
        "contact": "Bel de balie: 0800-1234.",
        "reason": "De gemeente beslist hier zelf over.",
    },
    MailKind.REFERRAL_STAYS: {"organisation": "Woonloket Zwolle", "ended_as": ReferralStatus.ENDED},
    MailKind.REFERRAL_ASKED: {"about": OFFER},
    MailKind.REFERRAL_REMINDER: {"about": OFFER},
    MailKind.REFERRAL_OVER: {"about": OFFER},
    MailKind.REFERRAL_NEWS: {"what": "een reactie"},
    MailKind.REOPENED: {"reason": "De regel is veranderd.", "next_date": DAY},
    MailKind.BOTTLENECK_NEWS: {
        "title": "De regel voor tijdelijke woningen",
        "stage": "in analyse",
        "body": "Het ministerie zoekt uit wat er kan.",
        "page": "https://knelpunt.example/regelknelpunten/RK-0001",
    },
    MailKind.SECOND_LOOK_RECEIVED: {"points": ["De brief is niet gelezen."], "next_date": DAY},
    MailKind.SECOND_HANDLER: {"handler_name": "Behandelaar demo", "next_date": DAY, "reason": "De regel is nieuw."},
    MailKind.SECOND_LOOK_OUTCOME: {
        "outcome": SecondLookOutcome.PARTLY,
        "points": [("De brief is niet gelezen.", "Die is nu gelezen.")],
        "reason": "De brief maakt verschil.",
        "next_date": DAY,
    },
    MailKind.SECOND_LOOK_WAITS: {"next_date": DAY},
    MailKind.SECOND_LOOK_GIVEN: {},
    MailKind.TERM_SUSPENDED: {
        "clock": "Reactie op het voorstel",
        "reason": "U bent op reis.",
        "until": DAY,
        "next_date": date(2026, 12, 18),
        "is_your_turn": True,
    },
    MailKind.AFTERCARE: {
        "months": 3,
        **{each: f"https://knelpunt.example/nazorg/abc?antwoord={each}" for each in ("yes", "busy", "stuck", "no")},
    },
    MailKind.REOPENING_DECLINED: {"asked_on": DAY, "reason": "De regel is niet veranderd."},
    MailKind.SPLIT: {"first_reference": "KNP-2026-00042", "next_date": DAY},
    MailKind.RULE_CHANGED: {
        "law": "Omgevingswet",
        "summary": "De termijn is nu vijftien jaar.",
        "on_day": DAY,
        "meaning": "U kunt een nieuwe aanvraag doen.",
    },
    MailKind.BOTTLENECK_ERRATUM: {
        "title": "De regel voor tijdelijke woningen",
        "stage": "in voorbereiding",
        "body": "De wijziging is uitgesteld.",
        "page": "https://knelpunt.example/regelknelpunten/RK-0001",
    },
    MailKind.BOTTLENECK_ERRATUM_DESK: {},
    MailKind.BOTTLENECK_ERRATUM_FOLLOWED: {
        "title": "De regel voor tijdelijke woningen",
        "stage": "in voorbereiding",
        "body": "De wijziging is uitgesteld.",
        "page": "https://knelpunt.example/regelknelpunten/RK-0001",
        "stop_url": "https://knelpunt.example/regelknelpunten/volgen/abc",
    },
    MailKind.BOTTLENECK_REVIEWED: {
        "about": "RK-0001",
        "step": "melden dat het in werking is",
        "is_agreed": True,
        "page": "https://knelpunt.example/regelknelpunten/RK-0001",
    },
    MailKind.BOTTLENECK_GIVEN: {
        "reference": "RK-0001",
        "title": "De regel voor tijdelijke woningen",
        "page": "https://knelpunt.example/regelknelpunten/RK-0001",
        "work": "https://knelpunt.example/mijn-regelknelpunten",
    },
    MailKind.BOTTLENECK_CASE_WAITS: {
        "reference": "RK-0001",
        "title": "De regel voor tijdelijke woningen",
        "work": "https://knelpunt.example/mijn-regelknelpunten",
    },
    MailKind.BOTTLENECK_CASE_DECIDED: {
        "reference": "RK-0001",
        "is_taken_in": False,
        "page": "https://knelpunt.example/regelknelpunten/RK-0001#zaken",
    },
    MailKind.WEEKLY: {
        "happened": [Happened(DAY, "Bericht over uw melding (KNP-2026-00042)", "Wij spraken de gemeente.")],
        "link": "https://knelpunt.example/volgen/abc",
    },
    MailKind.BOTTLENECK_REMINDER: {
        "reference": "RK-0001",
        "title": "De regel voor tijdelijke woningen",
        "news_due_on": DAY,
        "page": "https://knelpunt.example/regelknelpunten/RK-0001",
    },
    MailKind.BOTTLENECK_CONFIRM: {
        "title": "De regel voor tijdelijke woningen",
        "url": "https://knelpunt.example/regelknelpunten/volgen/abc",
        "days": 7,
    },
    MailKind.BOTTLENECK_FOLLOWED: {
        "title": "De regel voor tijdelijke woningen",
        "stage": "in voorbereiding",
        "body": "De tekst is klaar.",
        "page": "https://knelpunt.example/regelknelpunten/RK-0001",
        "until": DAY,
        "stop_url": "https://knelpunt.example/regelknelpunten/volgen/abc",
        "goes_on": "Een andere regel\nhttps://knelpunt.example/regelknelpunten/RK-0002",
    },
    MailKind.PREVIEW_STOPPED: {},
    MailKind.TEXT_KEPT_BACK: {},
    MailKind.PREVIEW: {
        "title": "Tuin op dak",
        "question": "Mag een tuin?",
        "answer": "Ja.",
        "object_by": DAY,
        "next_step": "Vraag de vergunning aan.",
        "rules": ["Biedt ruimte: Omgevingswet, artikel 5.1"],
        "facts": ["Het oordeel: Te streng uitgelegd", "De gemeente: Zwolle"],
    },
    MailKind.PUBLICATION_CORRECTED: {
        "change": "De termijn is verbeterd.",
        "public_url": "https://knelpunt.example/knelpunten/KNP-2026-00042",
    },
    MailKind.PUBLISHED: {"public_url": "https://knelpunt.example/knelpunten/KNP-2026-00042"},
    MailKind.PUBLICATION_WITHDRAWN: {"reason": "Er stond een fout in."},
    MailKind.WITHDRAWN: {"contact_ends_on": DAY},
    MailKind.DRAFT_LINK: {"url": "https://knelpunt.example/melden/abc", "purge_on": DAY},
    MailKind.DRAFT_WARNING: {"url": "https://knelpunt.example/melden/abc", "purge_on": DAY},
    MailKind.GUIDE_CONFIRM: {
        "question": "Mag een moestuin op een dak?",
        "url": "https://knelpunt.example/ruimtewijzers/volgen/abc",
        "days": 7,
    },
    MailKind.GUIDE_CHANGED: {
        "question": "Mag een moestuin op een dak?",
        "what": "Er is een nieuwe versie.",
        "url": "https://knelpunt.example/ruimtewijzers/moestuin",
        "stop_url": "https://knelpunt.example/ruimtewijzers/volgen/abc",
    },
    MailKind.TOPIC_CONFIRM: {"url": "https://knelpunt.example/op-de-hoogte/bevestigen/abc", "days": 7},
    MailKind.TOPIC_NEWS: {
        "news": [
            News("zaak:1", NewsKind.CASE, "Een dak vol groen", "/knelpunten/KNP-2026-00042", DAY, NOON),
            News(
                "regel:1", NewsKind.BOTTLENECK, "Regel over daken", "/regelknelpunten/RK-1", DAY, NOON, "", "in_analyse"
            ),
        ],
        "page": lambda path: f"https://knelpunt.example{path}",
        "manage_url": "https://knelpunt.example/op-de-hoogte/abc",
    },
    MailKind.CLAIM_QUESTION: {
        "question": "Mag een moestuin op een dak?",
        "project": "Moestuin op de oude school",
        "url": "https://knelpunt.example/onze-ruimtewijzers/1",
    },
    MailKind.JOINT_ASKED: {
        "lead": "Gemeente Zwolle",
        "title": "Moestuin op het dak",
        "url": "https://knelpunt.example/onze-zaken/samen/1",
    },
    MailKind.JOINT_ANSWERED: {"organisation": "Gemeente Bergen", "joins": False, "stops": True},
    MailKind.JOINT_NEWS: {
        "happened": MailKind.QUESTION,
        "lead": "Gemeente Zwolle",
        "reference": "KNP-2026-00042",
        "title": "Moestuin op het dak",
        "url": "https://knelpunt.example/onze-zaken/KNP-2026-00042",
    },
    MailKind.CO_SIGN_ASKED: {
        "asked_by": "Collega demo",
        "title": "Moestuin op het dak",
        "url": "https://knelpunt.example/melden/abc/ondertekenen",
    },
    MailKind.CO_SIGN_ASKED_BY_RESIDENT: {
        "url": "https://knelpunt.example/meetekenen/abc",
        "filing_waits": True,
    },
    MailKind.CO_SIGN_ANSWERED: {
        "title": "Moestuin op het dak",
        "url": "https://knelpunt.example/melden/abc",
        "is_signed": False,
        "reason": "De datum klopt niet.",
    },
    MailKind.INVITATION: {
        "url": "https://knelpunt.example/uitnodiging/abc",
        "organisation": "Zwolle",
        "role": "Indiener",
        "valid_until": DAY,
    },
    MailKind.PASSWORD_RESET: {"url": "https://knelpunt.example/wachtwoord/abc", "hours": 1},
    MailKind.PASSWORD_CHANGED: {},
    MailKind.NEW_DEVICE: {
        "browser": "Firefox op Windows",
        "at": datetime(2026, 11, 2, 9, 5, tzinfo=UTC),
        "url": "https://knelpunt.example/mijn-account/sessies",
    },
    MailKind.FACTOR_SET_UP: {"url": "https://knelpunt.example/mijn-account/wachtwoord"},
    MailKind.FACTOR_SWITCHED_OFF: {},
    MailKind.FACTOR_TAKEN_AWAY: {"url": "https://knelpunt.example/wachtwoord/a", "hours": 1},
    MailKind.RECOVERY_CODE_USED: {"left": 9},
    MailKind.PASSKEY_ADDED: {"url": "https://knelpunt.example/mijn-account/toegangssleutels"},
    MailKind.PASSKEY_REMOVED: {"url": "https://knelpunt.example/mijn-account/toegangssleutels"},
    MailKind.TERM_OVER: {"what": "De tijd om te reageren is voorbij.", "next_act": "Sluit de zaak af."},
    MailKind.CLOCK_OVER: {"clock": Clock.K4, "due_on": DAY},
    MailKind.MAIL_ASKS: {"arrived_on": DAY, "is_in_case": True},
    MailKind.LETTER_LIES: {"kind": MailKind.PROPOSAL, "written_on": DAY},
    MailKind.TEXT_REVIEWED: {"is_public": False, "may_publish": True},
    MailKind.REVIEW_GIVEN_BACK: {"step": "voorstel doen"},
    MailKind.FILE_ADDED: {"names": ["brief.pdf", "plattegrond.png"]},
    MailKind.MAIL_RECEIVED: {"files": 2, "refused": ["filmpje.mov: dit soort bestand kan niet."], "is_asked": True},
    MailKind.FILE_REMOVED: {"name": "brief.pdf", "reason": "Er stond een naam in."},
    MailKind.ADDRESS_CONFIRM: {
        "reference": "KNP-2026-00042",
        "url": "https://knelpunt.example/volgen/adres/abc",
        "until": DAY,
    },
    MailKind.ADDRESS_CHANGING: {"reference": "KNP-2026-00042"},
    MailKind.ADDRESS_CHANGED: {},
    MailKind.SUBMITTER_REACTED: {"what": "een antwoord op de vraag"},
}


def render(kind: MailKind, about: About = BY_LINK) -> MailText:
    if kind in ACCOUNT_TEXTS:
        return ACCOUNT_TEXTS[kind](**VALUES[kind])
    return {**SUBMITTER_TEXTS, **STAFF_TEXTS}[kind](**VALUES[kind]).text(about)


def sentences(body: str) -> list[str]:
    return [part for line in body.split("\n") if "://" not in line for part in re.split(r"(?<=[.?:])\s", line)]


def test_every_kind_has_exactly_one_text_and_a_label() -> None:
    tables = [*SUBMITTER_TEXTS, *STAFF_TEXTS, *ACCOUNT_TEXTS]
    assert sorted(tables) == sorted(MailKind)
    assert len({kind.label for kind in MailKind}) == len(MailKind)


@pytest.mark.parametrize("kind", MailKind)
def test_the_text_is_whole_and_plain(kind: MailKind) -> None:
    text = render(kind)
    assert 10 <= len(text.subject) <= 78
    assert "\n" not in text.subject
    assert text.body.startswith("Beste ")
    assert text.body.endswith("\n")
    for sign in ("{", "}", "None", "!", "helaas", "2026-", "\n\n\n"):
        assert sign not in text.body.replace("KNP-2026-00042", "")
    assert "Deze mail komt van Knelpunt." in text.body
    assert NO_REPLY in text.body
    long = [sentence for sentence in sentences(text.body) if len(sentence.split()) > MOST_WORDS_IN_A_SENTENCE]
    assert long == []


@pytest.mark.parametrize("kind", MailKind)
def test_it_says_why_it_came_and_what_becomes_of_an_answer(kind: MailKind) -> None:
    body = render(kind).body
    reasons = (WHY_SUBMITTER, WHY_COLLEAGUE, WHY_USER, WHY_READER, WHY_OFFICIAL)
    assert sum(reason in body for reason in reasons) == 1
    contact = "https://knelpunt.example/contact"
    unread = with_way_to_answer(body, contact, is_read=False, goes_to_case=False)
    assert f"komt niet bij ons aan. Zo bereikt u ons wel:\n{contact}" in unread
    read = with_way_to_answer(body, contact, is_read=True, goes_to_case=kind in SUBMITTER_TEXTS)
    assert NO_REPLY not in read
    assert ("Uw antwoord komt dan bij uw melding." in read) == (kind in SUBMITTER_TEXTS)


@pytest.mark.parametrize("kind", MailKind)
def test_every_value_that_was_given_is_told(kind: MailKind) -> None:
    body = render(kind).body
    for value in VALUES[kind].values():
        if type(value) is str:
            assert value in body
    if DAY in VALUES[kind].values():
        assert IN_WORDS in body


@pytest.mark.parametrize("kind", SUBMITTER_TEXTS)
def test_the_submitter_reads_which_case_it_is_and_where(kind: MailKind) -> None:
    by_link, by_account = render(kind), render(kind, BY_ACCOUNT)
    assert by_link.subject.endswith("(KNP-2026-00042)")
    assert BY_LINK.title not in by_link.subject
    assert BY_LINK.link in by_link.body
    assert "Stuur hem dus niet door" in by_link.body
    assert BY_ACCOUNT.link in by_account.body
    assert "Stuur hem dus niet door" not in by_account.body


@pytest.mark.parametrize("kind", STAFF_TEXTS)
def test_a_mail_to_a_colleague_holds_nothing_of_the_file(kind: MailKind) -> None:
    assert BY_ACCOUNT.title not in render(kind, BY_ACCOUNT).body


@pytest.mark.parametrize("kind", SUBMITTER_TEXTS)
def test_on_paper_it_says_how_to_react_without_internet(kind: MailKind) -> None:
    on_paper = render(kind, About("KNP-2026-00042", "Moestuin", BY_LINK.link, is_on_paper=True)).body
    assert "Bel of schrijf het loket" in on_paper
    assert "bevestigt u dat dit uw e-mailadres is" not in on_paper
    assert NO_REPLY not in on_paper
    assert "Deze mail" not in on_paper


def test_the_receipt_says_what_filing_does_not_do_and_asks_a_person_to_confirm_the_address() -> None:
    assert "een termijn voor bezwaar of beroep loopt gewoon door" in render(MailKind.RECEIPT).body
    assert "bevestigt u dat dit uw e-mailadres is" in render(MailKind.RECEIPT).body
    assert "bevestigt u" not in render(MailKind.RECEIPT, BY_ACCOUNT).body


def test_a_lapsed_question_never_reads_as_an_answer() -> None:
    body = render(MailKind.NO_REACTION).body
    assert "Wij hebben geen reactie ontvangen" in body
    assert "vrijdag 18 december 2026" in body


def test_room_without_a_change_of_the_law_is_not_called_a_change() -> None:
    values = {**VALUES[MailKind.RULE_CHANGED], "law": "Omgevingswet, artikel 4", "solved": "De termijn"}
    told = SUBMITTER_TEXTS[MailKind.RULE_CHANGED](**values).text(BY_LINK)
    assert told.subject == "Er is nieuwe ruimte voor plannen zoals het uwe (KNP-2026-00042)"
    assert "Dit regelknelpunt is in werking:" in told.body
    assert "Deze bepaling geeft de ruimte: Omgevingswet, artikel 4." in told.body
    assert f"De ruimte is er vanaf {IN_WORDS}." in told.body
    assert "veranderd" not in told.subject + told.body
    assert render(MailKind.RULE_CHANGED).subject.startswith("De regel die u tegenhield is veranderd")


def test_without_a_running_term_no_date_is_promised() -> None:
    body = SUBMITTER_TEXTS[MailKind.HANDLER_NAMED](handler_name="Behandelaar demo", next_date=None).text(BY_LINK).body
    assert "U hoort van ons zodra er nieuws is." in body
    assert "uiterlijk" not in body


def test_a_withdrawal_says_what_happens_with_the_contact_data() -> None:
    withdrawn = SUBMITTER_TEXTS[MailKind.WITHDRAWN]
    assert f"tot {IN_WORDS}" in render(MailKind.WITHDRAWN).body
    assert "contactgegevens" not in withdrawn(contact_ends_on=None).text(BY_ACCOUNT).body
    erased = withdrawn(contact_ends_on=None, is_erased=True).text(BY_LINK).body
    assert "Dat hebben wij gedaan." in erased
    assert "De link naar uw melding werkt niet meer." in erased
    assert BY_LINK.link not in erased
    assert BY_ACCOUNT.link in withdrawn(contact_ends_on=None, is_erased=True).text(BY_ACCOUNT).body


def test_a_mail_to_an_official_has_the_link_and_the_last_day_and_a_list_has_neither_link_nor_name() -> None:
    for kind in (MailKind.CONSULTATION_ASKED, MailKind.CONSULTATION_REMINDER, MailKind.CONSULTATION_MORE_TIME):
        body = render(kind).body
        assert ASKED.url in body
        assert f"Antwoord uiterlijk op {IN_WORDS}." in body
        assert "Moestuin" not in body
    listed = render(MailKind.CONSULTATION_LIST).body
    assert "KNP-2026-00042: Omgevingswet, artikel 5.1." in listed
    assert "(te laat)" in listed
    assert "/raadplegen/" not in listed
