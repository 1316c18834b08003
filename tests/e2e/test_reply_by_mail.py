"""A resident answers a question by mail: it lands in the case, and the handler takes it as the answer."""

import threading
from datetime import timedelta

from sqlalchemy import create_engine, delete
from sqlalchemy.orm import Session

from knelpunt.adapters.mail import ShowOnly
from knelpunt.adapters.mailbox.imap import ImapMailbox
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.commands.worker import Worker
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import Role
from knelpunt.models import MailboxState
from knelpunt.services.cases import triage
from knelpunt.services.cases.attachments import AttachmentRules
from tests.e2e.people import Person, account_of, log_in, mail_link
from tests.support.desk import Desk
from tests.support.files import pdf
from tests.support.imap_server import ImapServer, running_imap
from tests.support.incoming import MAILBOX, a_mail

ADDRESS = "dakmoestuin@proef.example"


def asked_case(site) -> tuple[str, str]:
    """A case with a question open at a resident: its number, and the address for an answer by mail."""
    with site.factory() as make:
        desk = Desk(make.session, make)
        desk.links = Links(site.url, site.config.secret_key, mailbox=MAILBOX)
        desk.now = make.now
        case = desk.file(contact_email=ADDRESS)
        desk.take_in(case)
        triage.request_supplement(
            desk.context(desk.triager), case.reference, case.version, question="Welk plan geldt daar?",
            why="Dat staat er niet bij.", answer_by=(desk.now + timedelta(days=28)).date(),
        )  # fmt: skip
        return case.reference, desk.links.reply_to(case.id) or ""


def read_mailbox(site, imap: ImapServer) -> None:
    """What the worker does each minute, on the database of the site."""
    engine = create_engine(site.config.database_url or "")
    with Session(engine) as session:
        session.execute(delete(MailboxState))
        session.commit()
    Worker(
        make_session=lambda: Session(engine),
        deliverer=ShowOnly(),
        files=FolderStore(site.config.attachments_dir),
        links=Links(site.url, site.config.secret_key, mailbox=MAILBOX),
        data_dir=site.config.data_dir,
        stopping=threading.Event(),
        mailbox=ImapMailbox(imap.server()),
        rules=AttachmentRules(1_000_000, 5),
    ).read_mailbox()
    engine.dispose()


def test_a_reply_by_mail_lands_in_the_case_and_is_taken_as_the_answer(site, new_page, check_page):
    reference, address = asked_case(site)
    handler = log_in(Person(new_page(), check_page), account_of(site, Role.HANDLER))
    with running_imap() as imap:
        imap.put(
            a_mail(
                address, ADDRESS, body="Het plan van 2019.\n\n> Welk plan geldt daar?", message_id="<dak@x.example>",
                files=(("plan.pdf", pdf(), "application/pdf"),),
            ),
            a_mail(address, "buurman@elders.example", body="Ik ben tegen.", message_id="<tegen@proef.example>"),
        )  # fmt: skip
        read_mailbox(site, imap)
        assert imap.count() == 0
    handler.go("/vandaag").reads("misschien een antwoord")
    handler.follow("Bekijk die mail").follow(f"Bericht in de zaak {reference}")
    handler.reads("Het plan van 2019.", "plan.pdf", "per e-mail", "van een ander adres")
    handler.press("Neem dit als antwoord").reads("De mail is het antwoord op de vraag.", "Beantwoord op")
    handler.go("/post/binnen").follow("Re: Wij hebben een vraag over uw melding")
    handler.reads("Ik ben tegen.", "een adres dat niet bij de zaak staat")
    handler.tick("Niet voor ons").fill(Waarom_is_deze="Van een buurman.").press("Leg vast").reads("opzij gelegd")
    resident = Person(new_page(), check_page)
    resident.go(mail_link(site, ADDRESS)).reads("Het plan van 2019.", "Het loket is aan zet")
