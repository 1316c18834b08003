"""Every mail to a submitter who filed in English is English, but for what a person wrote in it."""

from dataclasses import replace

import pytest

from knelpunt.domain.languages import OTHERS
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.replies import ReplyChannel, Told
from knelpunt.services.mail_texts import SUBMITTER_TEXTS, with_choice
from knelpunt.services.mail_texts.accounts import draft_link, draft_warning
from knelpunt.services.mail_texts.languages import in_language
from tests.dutch_words import dutch_words_in
from tests.unit.test_mail_texts import BY_ACCOUNT, BY_LINK, DAY, VALUES

WRITTEN = "Xyzzy plugh."
"""Stands for what a person wrote."""


def _values(kind):
    return {name: WRITTEN if isinstance(value, str) else value for name, value in VALUES[kind].items()}


@pytest.mark.parametrize("kind", sorted(SUBMITTER_TEXTS), ids=lambda kind: kind.value)
def test_a_mail_to_a_submitter_holds_no_dutch(kind):
    for about in (BY_LINK, BY_ACCOUNT):
        text = SUBMITTER_TEXTS[kind](replace(about, title=WRITTEN, link="https://proef.example/x"), **_values(kind))
        english = in_language(replace(text, body=with_choice(text.body, "https://proef.example/y")), "en")
        assert dutch_words_in(english.subject) == set()
        assert dutch_words_in(english.body) == set(), english.body
        assert english.subject.endswith(" (KNP-2026-00042)")
        assert english.body.count(WRITTEN) == text.body.count(WRITTEN)


def test_the_mails_about_a_draft_hold_no_dutch():
    for mail in (draft_link, draft_warning):
        english = in_language(mail(url="https://proef.example/x", purge_on=DAY), "en")
        assert dutch_words_in(f"{english.subject} {english.body}") == set()
        assert "Friday 4 December 2026" in english.body


def test_a_mail_in_dutch_is_left_as_it_is():
    text = SUBMITTER_TEXTS[MailKind.RECEIPT](BY_LINK, **VALUES[MailKind.RECEIPT])
    assert in_language(text, "nl") is text
    assert in_language(text, "xx") is text
    assert in_language(text, OTHERS[0].code) != text


@pytest.mark.parametrize("channel", list(ReplyChannel))
@pytest.mark.parametrize("kind", [MailKind.ANSWER_RECEIVED, MailKind.PROPOSAL_ACCEPTED, MailKind.PROPOSAL_REFUSED])
def test_what_the_desk_wrote_down_for_a_submitter_is_told_in_english(kind, channel):
    values = {**_values(kind), "told": Told(channel, DAY), "written": WRITTEN}
    text = SUBMITTER_TEXTS[kind](replace(BY_LINK, title=WRITTEN, link="https://proef.example/x"), **values)
    english = in_language(text, "en")
    assert dutch_words_in(english.body) == set(), english.body
    assert f"This is what we wrote down:\n{WRITTEN}" in english.body
    assert "on Friday 4 December 2026. A member of staff wrote it down." in english.body
