"""The texts of all mails: one function a kind, plain values in, a subject and a plain Dutch text out."""

from collections.abc import Callable, Mapping
from types import ModuleType

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.services.mail.texts import (
    accounts,
    aftercare,
    bottlenecks,
    consultations,
    contact,
    digest,
    guides,
    referrals,
    second_looks,
    signing,
    staff,
    submitter,
)
from knelpunt.services.mail.texts.letter import About, CaseText, MailText, in_language, with_choice

__all__ = ["ACCOUNT_TEXTS", "STAFF_TEXTS", "SUBMITTER_TEXTS", "About", "MailText", "in_language", "with_choice"]


def _case_texts(*modules: ModuleType) -> dict[MailKind, CaseText[...]]:
    return {text.kind: text for module in modules for text in vars(module).values() if isinstance(text, CaseText)}


SUBMITTER_TEXTS = _case_texts(submitter, referrals, second_looks, aftercare, signing, contact, bottlenecks)
"""To the submitter of a case."""
STAFF_TEXTS = _case_texts(staff)
"""To a colleague at the desk."""
ACCOUNT_TEXTS: Mapping[MailKind, Callable[..., MailText]] = {
    MailKind.LEAVE_COVER: staff.leave_cover,
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
    MailKind.WEEKLY: digest.weekly,
    MailKind.CONSULTATION_ASKED: consultations.asked,
    MailKind.CONSULTATION_REMINDER: consultations.reminder,
    MailKind.CONSULTATION_MORE_TIME: consultations.more_time,
    MailKind.CONSULTATION_OVER: consultations.no_longer_needed,
    MailKind.CONSULTATION_LIST: consultations.waiting_list,
    MailKind.REFERRAL_ASKED: referrals.asked,
    MailKind.REFERRAL_OVER: referrals.no_longer_offered,
    MailKind.GUIDE_CONFIRM: guides.guide_confirm,
    MailKind.GUIDE_CHANGED: guides.guide_changed,
    MailKind.CLAIM_QUESTION: guides.claim_question,
}
"""To whoever is not (yet) tied to a case."""
