"""What colleagues are told of: every kind of mail to a colleague has its line on the page Meldingen."""

from knelpunt.domain.collaboration.notifications import PLACES, WORDS
from tests.support.mail_texts import TO_COLLEAGUES


def test_every_mail_about_a_case_to_a_colleague_has_words_on_the_page():
    assert set(WORDS) == TO_COLLEAGUES
    assert set(PLACES) <= set(WORDS)
