"""Mails between those who file together: the one that leads hears who joins, and who joined hears how it goes on."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from knelpunt.domain.mail_kinds import MailKind, is_wanted
from knelpunt.domain.vocabulary import ParticipantStatus
from knelpunt.models import Account, Case, CaseParticipant, Organisation
from knelpunt.queries.accounts import ANSWERING_ROLES
from knelpunt.services import messages
from knelpunt.services.act import Act
from knelpunt.services.mail_texts import with_choice
from knelpunt.services.mail_texts.signing import joint_news


def tell_lead(act: Act, case: Case, organisation: Organisation, *, joins: bool, stops: bool) -> None:
    """Tell the one that leads what an organisation answered for its municipality.

    Args:
        stops: it took part until now.
    """
    messages.notify_submitter(
        act, case, MailKind.JOINT_ANSWERED, organisation=organisation.name, joins=joins, stops=stops
    )


def tell_participants(act: Act, case: Case, happened: MailKind) -> None:
    """Tell each organisation that files along what happened, in one mail: to who joined for it, else to a colleague.

    Args:
        happened: the kind of the mail that the submitter gets of the same act, one of ``signing.JOINT_NEWS``.
    """
    if case.organisation_id is None:
        return
    accounts = act.session.scalars(
        select(Account)
        .join(CaseParticipant, CaseParticipant.organisation_id == Account.organisation_id)
        .where(
            CaseParticipant.case_id == case.id,
            CaseParticipant.status == ParticipantStatus.JOINED,
            Account.is_active,
            Account.role.in_(ANSWERING_ROLES),
        )
        .ext(distinct_on(CaseParticipant.id))
        .order_by(CaseParticipant.id, Account.id.is_distinct_from(CaseParticipant.answered_by_id), Account.id)
    ).all()
    if not accounts:
        return
    lead = act.session.get_one(Organisation, case.organisation_id).name
    url = act.links.to(f"/onze-zaken/{case.reference}")
    news = joint_news(happened=happened, lead=lead, reference=case.reference, title=case.title, url=url)
    text = with_choice(news, act.links.to("/mijn-account/mail"))
    for account in accounts:
        if is_wanted(MailKind.JOINT_NEWS, account.mail_choice):
            messages.queue(
                act,
                MailKind.JOINT_NEWS,
                to_address=account.email,
                subject=text.subject,
                body=text.body,
                case=case,
                account_id=account.id,
            )
