"""Mails between those who file together: the one that leads hears who joins, and who joined hears how it goes on."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from knelpunt.domain.mail_kinds import MailKind, is_wanted
from knelpunt.domain.vocabulary import ParticipantStatus
from knelpunt.models import Account, Case, CaseParticipant, Organisation
from knelpunt.queries.accounts.accounts import ANSWERING_ROLES
from knelpunt.services.core.context import Context
from knelpunt.services.filing import mail_texts as texts
from knelpunt.services.filing.mail_texts import joint_news
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import with_choice


def tell_lead(context: Context, case: Case, organisation: Organisation, *, joins: bool, stops: bool) -> None:
    """Tell the one that leads what an organisation answered for its municipality.

    Args:
        stops: it took part until now.
    """
    messages.notify_submitter(
        context, case, texts.joint_answered(organisation=organisation.name, joins=joins, stops=stops)
    )


def tell_participants(context: Context, case: Case, happened: MailKind) -> None:
    """Tell each organisation that files along what happened, in one mail: to who joined for it, else to a colleague.

    Args:
        happened: the kind of the mail that the submitter gets of the same act, one of ``mail_texts.JOINT_NEWS``.
    """
    if case.organisation_id is None:
        return
    accounts = context.session.scalars(
        select(Account)
        .join(CaseParticipant, CaseParticipant.organisation_id == Account.organisation_id)
        .where(
            CaseParticipant.case_id == case.id,
            CaseParticipant.status == ParticipantStatus.JOINED,
            CaseParticipant.organisation_id != case.organisation_id,
            Account.is_active,
            Account.role.in_(ANSWERING_ROLES),
        )
        .ext(distinct_on(CaseParticipant.organisation_id))
        .order_by(
            CaseParticipant.organisation_id, Account.id.is_distinct_from(CaseParticipant.answered_by_id), Account.id
        )
    ).all()
    if not accounts:
        return
    lead = context.session.get_one(Organisation, case.organisation_id).name
    url = context.links.to(f"/onze-zaken/{case.reference}")
    news = joint_news(happened=happened, lead=lead, reference=case.reference, title=case.title, url=url)
    text = with_choice(news, context.links.to("/mijn-account/mail"))
    for account in accounts:
        if is_wanted(MailKind.JOINT_NEWS, account.mail_choice):
            messages.queue(
                context,
                MailKind.JOINT_NEWS,
                to_address=account.email,
                subject=text.subject,
                body=text.body,
                case=case,
                account_id=account.id,
            )
