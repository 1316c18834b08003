"""The text of every kind of mail, gathered from the nouns that send them, by whom it goes to."""

from collections.abc import Callable, Mapping
from types import ModuleType

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.services.accounts import mail_texts as accounts
from knelpunt.services.alerts import mail_texts as alerts
from knelpunt.services.bottlenecks import mail_texts as bottlenecks
from knelpunt.services.cases.mail_texts import aftercare, files, publication, reminders, reviews, second_looks, steps
from knelpunt.services.collaboration import mail_texts as collaboration
from knelpunt.services.consultations import mail_texts as consultations
from knelpunt.services.filing import mail_texts as filing
from knelpunt.services.guides import mail_texts as guides
from knelpunt.services.laws import mail_texts as laws
from knelpunt.services.mail import subscription_texts
from knelpunt.services.mail.texts import CaseText, MailText
from knelpunt.services.post import mail_texts as post
from knelpunt.services.privacy import mail_texts as privacy
from knelpunt.services.quarters import mail_texts as quarters
from knelpunt.services.referrals import mail_texts as referrals
from knelpunt.services.submitters import mail_texts as submitters

TO_COLLEAGUES = {
    MailKind.REVIEW_GIVEN_BACK,
    MailKind.TEXT_REVIEWED,
    MailKind.SUBMITTER_REACTED,
    MailKind.TERM_OVER,
    MailKind.CLOCK_OVER,
    MailKind.LETTER_LIES,
    MailKind.MAIL_ASKS,
    MailKind.CONSULTATION_NEWS,
    MailKind.REFERRAL_NEWS,
    MailKind.SECOND_LOOK_WAITS,
    MailKind.SECOND_LOOK_GIVEN,
    MailKind.BOTTLENECK_ERRATUM_DESK,
    MailKind.BOTTLENECK_CASE_DECIDED,
    MailKind.ASSIGNED,
    MailKind.REOPENED_FOR_YOU,
    MailKind.MENTIONED,
    MailKind.REVIEW_ASKED,
    MailKind.TASK_DUE,
    MailKind.TASK_GIVEN,
}


def _case_texts(*modules: ModuleType) -> dict[MailKind, CaseText[...]]:
    return {text.kind: text for module in modules for text in vars(module).values() if isinstance(text, CaseText)}


_ABOUT_A_CASE = _case_texts(
    aftercare, bottlenecks, collaboration, consultations, files, filing, laws, post, publication, referrals,
    reminders, reviews, second_looks, steps, submitters,
)  # fmt: skip
SUBMITTER_TEXTS = {kind: text for kind, text in _ABOUT_A_CASE.items() if kind not in TO_COLLEAGUES}
"""To the submitter of a case."""
STAFF_TEXTS = {kind: text for kind, text in _ABOUT_A_CASE.items() if kind in TO_COLLEAGUES}
"""To a colleague at the desk."""
ACCOUNT_TEXTS: Mapping[MailKind, Callable[..., MailText]] = {
    MailKind.LEAVE_COVER: accounts.leave_cover,
    MailKind.WORK_LEFT: accounts.work_left,
    MailKind.DAILY_DIGEST: collaboration.daily_digest,
    MailKind.DRAFT_LINK: filing.draft_link,
    MailKind.DRAFT_WARNING: filing.draft_warning,
    MailKind.ADDRESS_CONFIRM: submitters.address_confirm,
    MailKind.ADDRESS_CHANGING: submitters.address_changing,
    MailKind.QUARTER_SEAL_ASKED: quarters.seal_asked,
    MailKind.QUARTER_CHECK_GIVEN: quarters.check_given,
    MailKind.QUARTER_TEXT_ASKED: quarters.text_asked,
    MailKind.QUARTER_TEXT_DECIDED: quarters.text_decided,
    MailKind.QUARTER_COMMENT_ASKED: quarters.comment_asked,
    MailKind.QUARTER_COMMENT_REMINDER: quarters.comment_reminder,
    MailKind.QUARTER_COMMENTED: quarters.commented,
    MailKind.QUARTER_DAY_REMINDER: quarters.day_reminder,
    MailKind.COMMITMENT_REMINDER: quarters.commitment_reminder,
    MailKind.CLIENT_MADE: accounts.client_made,
    MailKind.CLIENT_ENDING: accounts.client_ending,
    MailKind.CLIENT_REVOKED: accounts.client_revoked,
    MailKind.SUBSCRIPTION_MADE: subscription_texts.subscription_made,
    MailKind.SUBSCRIPTION_OFF: subscription_texts.subscription_off,
    MailKind.MIRROR_PARKED: subscription_texts.mirror_parked,
    MailKind.MERGER_PLANNED: accounts.merger_planned,
    MailKind.MERGER_CANCELLED: accounts.merger_cancelled,
    MailKind.MERGER_DONE: accounts.merger_done,
    MailKind.JOINT_ASKED: filing.joint_asked,
    MailKind.JOINT_NEWS: filing.joint_news,
    MailKind.CO_SIGN_ASKED: filing.co_sign_asked,
    MailKind.CO_SIGN_ASKED_BY_RESIDENT: filing.co_sign_asked_by_resident,
    MailKind.CO_SIGN_ANSWERED: filing.co_sign_answered,
    MailKind.INVITATION: accounts.invitation,
    MailKind.PASSWORD_RESET: accounts.password_reset,
    MailKind.PASSWORD_CHANGED: accounts.password_changed,
    MailKind.NEW_DEVICE: accounts.new_device,
    MailKind.FACTOR_SET_UP: accounts.factor_set_up,
    MailKind.FACTOR_SWITCHED_OFF: accounts.factor_switched_off,
    MailKind.FACTOR_TAKEN_AWAY: accounts.factor_taken_away,
    MailKind.RECOVERY_CODE_USED: accounts.recovery_code_used,
    MailKind.PASSKEY_ADDED: accounts.passkey_added,
    MailKind.PASSKEY_REMOVED: accounts.passkey_removed,
    MailKind.BOTTLENECK_REMINDER: bottlenecks.news_to_owner,
    MailKind.BOTTLENECK_CONFIRM: bottlenecks.follow_confirm,
    MailKind.BOTTLENECK_FOLLOWED: bottlenecks.news_to_follower,
    MailKind.BOTTLENECK_ERRATUM_FOLLOWED: bottlenecks.erratum_to_follower,
    MailKind.BOTTLENECK_REVIEWED: bottlenecks.step_reviewed,
    MailKind.BOTTLENECK_GIVEN: bottlenecks.owner_named,
    MailKind.BOTTLENECK_CASE_WAITS: bottlenecks.case_waits,
    MailKind.WEEKLY: post.weekly,
    MailKind.PRIVACY_RECEIVED: privacy.received,
    MailKind.PRIVACY_EXTENDED: privacy.extended,
    MailKind.PRIVACY_ANSWERED: privacy.answered,
    MailKind.PRIVACY_DUE: privacy.due,
    MailKind.CONSULTATION_ASKED: consultations.asked,
    MailKind.CONSULTATION_REMINDER: consultations.reminder,
    MailKind.CONSULTATION_MORE_TIME: consultations.more_time,
    MailKind.CONSULTATION_OVER: consultations.no_longer_needed,
    MailKind.CONSULTATION_LIST: consultations.waiting_list,
    MailKind.REFERRAL_ASKED: referrals.asked,
    MailKind.REFERRAL_REMINDER: referrals.reminder,
    MailKind.REFERRAL_OVER: referrals.no_longer_offered,
    MailKind.GUIDE_CONFIRM: guides.guide_confirm,
    MailKind.GUIDE_CHANGED: guides.guide_changed,
    MailKind.TOPIC_CONFIRM: alerts.topic_confirm,
    MailKind.TOPIC_NEWS: alerts.topic_news,
    MailKind.CLAIM_QUESTION: guides.claim_question,
}
"""To whoever is not (yet) tied to a case."""
