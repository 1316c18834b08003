"""The texts of all mails: one function a kind, plain values in, a subject and a plain Dutch text out."""

from collections.abc import Callable, Mapping

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.services.mail.texts import accounts, bottlenecks, contact, guides, signing, staff, submitter
from knelpunt.services.mail.texts.letter import About, MailText, in_language, with_choice

__all__ = ["ACCOUNT_TEXTS", "STAFF_TEXTS", "SUBMITTER_TEXTS", "About", "MailText", "in_language", "with_choice"]

SUBMITTER_TEXTS: Mapping[MailKind, Callable[..., MailText]] = {
    MailKind.RECEIPT: submitter.receipt,
    MailKind.FOLLOW_LINK: submitter.follow_link,
    MailKind.HANDLER_NAMED: submitter.handler_named,
    MailKind.QUESTION: submitter.question,
    MailKind.REMINDER_HALFWAY: submitter.reminder_halfway,
    MailKind.REMINDER_LAST: submitter.reminder_last,
    MailKind.ANSWER_RECEIVED: submitter.answer_received,
    MailKind.NO_REACTION: submitter.no_reaction,
    MailKind.MESSAGE: submitter.message,
    MailKind.VERDICT: submitter.verdict,
    MailKind.VERDICT_CHANGED: submitter.verdict_changed,
    MailKind.PROPOSAL: submitter.proposal,
    MailKind.PROPOSAL_ACCEPTED: submitter.proposal_accepted,
    MailKind.PROPOSAL_REFUSED: submitter.proposal_refused,
    MailKind.PROPOSAL_LAPSED: submitter.proposal_lapsed,
    MailKind.CLOSED: submitter.closed,
    MailKind.PREVIEW: submitter.preview,
    MailKind.PUBLISHED: submitter.published,
    MailKind.PUBLICATION_WITHDRAWN: submitter.publication_withdrawn,
    MailKind.WITHDRAWN: submitter.withdrawn,
    MailKind.JOINT_ANSWERED: signing.joint_answered,
    MailKind.FILE_ADDED: contact.file_added,
    MailKind.FILE_REMOVED: contact.file_removed,
    MailKind.ADDRESS_CHANGED: contact.address_changed,
    MailKind.REOPENED: submitter.reopened,
    MailKind.SPLIT: submitter.split,
    MailKind.RULE_CHANGED: bottlenecks.rule_changed,
    MailKind.BOTTLENECK_NEWS: bottlenecks.news_to_submitter,
}
"""To the submitter of a case: the first argument says which case and by which link."""

STAFF_TEXTS: Mapping[MailKind, Callable[..., MailText]] = {
    MailKind.REVIEW_GIVEN_BACK: staff.review_given_back,
    MailKind.SUBMITTER_REACTED: staff.submitter_reacted,
}
"""To a colleague at the desk: the first argument says which case and where it is."""

ACCOUNT_TEXTS: Mapping[MailKind, Callable[..., MailText]] = {
    MailKind.DRAFT_LINK: accounts.draft_link,
    MailKind.DRAFT_WARNING: accounts.draft_warning,
    MailKind.ADDRESS_CONFIRM: contact.address_confirm,
    MailKind.ADDRESS_CHANGING: contact.address_changing,
    MailKind.JOINT_ASKED: signing.joint_asked,
    MailKind.JOINT_NEWS: signing.joint_news,
    MailKind.CO_SIGN_ASKED: signing.co_sign_asked,
    MailKind.CO_SIGN_ASKED_BY_RESIDENT: signing.co_sign_asked_by_resident,
    MailKind.CO_SIGN_ANSWERED: signing.co_sign_answered,
    MailKind.INVITATION: accounts.invitation,
    MailKind.PASSWORD_RESET: accounts.password_reset,
    MailKind.PASSWORD_CHANGED: accounts.password_changed,
    MailKind.BOTTLENECK_REMINDER: bottlenecks.news_to_owner,
    MailKind.BOTTLENECK_CONFIRM: bottlenecks.follow_confirm,
    MailKind.BOTTLENECK_FOLLOWED: bottlenecks.news_to_follower,
    MailKind.GUIDE_CONFIRM: guides.guide_confirm,
    MailKind.GUIDE_CHANGED: guides.guide_changed,
    MailKind.CLAIM_QUESTION: guides.claim_question,
}
"""To whoever is not (yet) tied to a case."""
