"""Every mail to a submitter who filed in English is English, but for what a person wrote in it."""

from dataclasses import replace

import pytest

from knelpunt.domain.bottlenecks import STATUS_WORDS
from knelpunt.domain.cases.replies import OnBehalf, ReplyChannel
from knelpunt.domain.languages import OTHERS
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.services.bottlenecks.mail_texts import follow_confirm, news_to_follower, news_to_submitter
from knelpunt.services.filing.mail_texts import draft_link, draft_warning
from knelpunt.services.guides import mail_texts as texts
from knelpunt.services.mail.texts import in_language, with_choice
from tests.support.dutch_words import dutch_words_in
from tests.support.mail_texts import SUBMITTER_TEXTS
from tests.unit.mail.test_mail_texts import BY_ACCOUNT, BY_LINK, DAY, VALUES

OF_A_PERSON = "Xyzzy plugh."
"""Stands for what a person wrote."""
NEWS = "Sinds 3 november 2026 geldt: de gemeente beslist zelf. U hoeft nu niets te doen."
"""What a person wrote, with sentences and a day that a mail has of its own."""


def _values(kind):
    return {name: _written(value) for name, value in VALUES[kind].items()}


def _written(value):
    if isinstance(value, list | tuple):
        return type(value)(map(_written, value))
    return OF_A_PERSON if type(value) is str else value


@pytest.mark.parametrize("kind", sorted(SUBMITTER_TEXTS), ids=lambda kind: kind.value)
def test_a_mail_to_a_submitter_holds_no_dutch(kind):
    for about in (BY_LINK, BY_ACCOUNT):
        text = SUBMITTER_TEXTS[kind](**_values(kind)).text(
            replace(about, title=OF_A_PERSON, link="https://proef.example/x")
        )
        english = in_language(with_choice(text, "https://proef.example/y"), "en")
        assert dutch_words_in(english.subject) == set()
        assert dutch_words_in(english.body) == set(), english.body
        assert english.subject.endswith(" (KNP-2026-00042)")
        assert english.body.count(OF_A_PERSON) == text.body.count(OF_A_PERSON)


def test_the_receipt_of_a_joint_filing_keeps_the_names_of_municipalities():
    mail = SUBMITTER_TEXTS[MailKind.RECEIPT](next_date=DAY, asked_along=["Bergen", "Zwolle"])
    text = mail.text(replace(BY_ACCOUNT, title=OF_A_PERSON, link="https://proef.example/x"))
    english = in_language(text, "en")
    assert "We asked these municipalities to take part:\nBergen\nZwolle\n" in english.body
    assert dutch_words_in(english.body) == set(), english.body


def test_the_mails_about_a_draft_hold_no_dutch():
    for mail in (draft_link, draft_warning):
        english = in_language(mail(url="https://proef.example/x", purge_on=DAY), "en")
        assert dutch_words_in(f"{english.subject} {english.body}") == set()
        assert "Friday 4 December 2026" in english.body


@pytest.mark.parametrize("is_last", [False, True])
@pytest.mark.parametrize("stage", STATUS_WORDS.values())
def test_a_mail_to_a_follower_is_english_round_the_dutch_of_the_news(stage, is_last):
    values = {**VALUES[MailKind.BOTTLENECK_FOLLOWED], "stage": stage, "is_last": is_last, "language": "en"}
    values |= {"title": NEWS, "body": f"{NEWS}\n\n{NEWS}", "goes_on": f"{NEWS}\nhttps://proef.example/z"}
    english = in_language(news_to_follower(**values), "en")
    assert english.body.count(NEWS) == 4
    assert f"The news, as it was written in Dutch:\n\n{NEWS}" in english.body
    assert dutch_words_in(f"{english.subject} {english.body.replace(NEWS, '')}") == set(), english.body


def test_the_room_that_a_rule_gives_is_told_in_english_with_its_law_and_day():
    provision = Text("%(law)s, %(article)s", law="Xyzzy", article=article_in_words("15"))
    room = {"provision": provision, "since": DAY}
    follower = news_to_follower(**{**VALUES[MailKind.BOTTLENECK_FOLLOWED], **room, "language": "en"})
    submitter = news_to_submitter(**{**VALUES[MailKind.BOTTLENECK_NEWS], **room, "language": "en"}).text(BY_LINK)
    values = {**_values(MailKind.RULE_CHANGED), "law": room["provision"], "solved": NEWS}
    solved = SUBMITTER_TEXTS[MailKind.RULE_CHANGED](**values).text(replace(BY_LINK, title=OF_A_PERSON))
    for text in (follower, submitter, solved):
        english = in_language(text, "en").body
        assert "This provision gives the room: Xyzzy, article 15." in english
        assert "The room is there from Friday 4 December 2026." in english
    told = in_language(solved, "en")
    assert NEWS in told.body
    assert dutch_words_in(f"{told.subject} {told.body.replace(NEWS, '')}") == set(), told.body


@pytest.mark.parametrize("what", [texts.NEW_VERSION, texts.LOOKED_AT_AGAIN, texts.STILL_RIGHT, texts.EXPIRED])
@pytest.mark.parametrize("reason", ["", NEWS])
def test_a_mail_about_a_ruimtewijzer_is_english_round_its_dutch(what, reason):
    values = {**VALUES[MailKind.GUIDE_CHANGED], "question": NEWS, "what": what, "reason": reason}
    english = in_language(texts.guide_changed(**values, language="en"), "en")
    assert english.body.count(NEWS) == (2 if reason else 1)
    assert dutch_words_in(f"{english.subject} {english.body.replace(NEWS, '')}") == set(), english.body
    dutch = in_language(texts.guide_changed(**values), "nl")
    assert f"{what} {reason}".strip() in dutch.body


def test_the_mails_that_ask_to_confirm_are_english_round_the_dutch_title():
    for mail, kind, name in (
        (follow_confirm, MailKind.BOTTLENECK_CONFIRM, "title"),
        (texts.guide_confirm, MailKind.GUIDE_CONFIRM, "question"),
    ):
        english = in_language(mail(**{**VALUES[kind], name: NEWS}, language="en"), "en")
        assert NEWS in english.body
        assert dutch_words_in(f"{english.subject} {english.body.replace(NEWS, '')}") == set(), english.body
        assert "in Dutch" in english.body


def test_news_that_reads_like_a_text_of_ours_stays_as_it_was_written():
    values = {**VALUES[MailKind.BOTTLENECK_NEWS], "body": str(texts.NEW_VERSION), "language": "en"}
    english = in_language(news_to_submitter(**values).text(BY_LINK), "en")
    assert texts.NEW_VERSION in english.body
    assert texts.NEW_VERSION in in_language(news_to_submitter(**{**values, "language": "nl"}).text(BY_LINK), "nl").body


def test_a_mail_in_dutch_is_left_as_it_is():
    text = SUBMITTER_TEXTS[MailKind.RECEIPT](**VALUES[MailKind.RECEIPT]).text(BY_LINK)
    assert in_language(text, "nl") is text
    assert in_language(text, "xx") is text
    assert in_language(text, OTHERS[0].code) != text


@pytest.mark.parametrize("channel", list(ReplyChannel))
@pytest.mark.parametrize("kind", [MailKind.ANSWER_RECEIVED, MailKind.PROPOSAL_ACCEPTED, MailKind.PROPOSAL_REFUSED])
def test_what_the_desk_wrote_down_for_a_submitter_is_told_in_english(kind, channel):
    values = {**_values(kind), "on_behalf": OnBehalf(channel, DAY), "written": OF_A_PERSON}
    text = SUBMITTER_TEXTS[kind](**values).text(replace(BY_LINK, title=OF_A_PERSON, link="https://proef.example/x"))
    english = in_language(text, "en")
    assert dutch_words_in(english.body) == set(), english.body
    assert f"This is what we wrote down:\n{OF_A_PERSON}" in english.body
    assert "on Friday 4 December 2026. A member of staff wrote it down." in english.body
    values["on_behalf"] = replace(values["on_behalf"], said_by_id=1, said_by="Xyzzy Plugh")
    english = in_language(SUBMITTER_TEXTS[kind](**values).text(BY_ACCOUNT), "en")
    assert "Xyzzy Plugh told us this" in english.body
