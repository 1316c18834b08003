"""The desk asks for something that is missing."""

from datetime import timedelta

from sqlalchemy import select

from knelpunt.domain.vocabulary import MessageKind
from knelpunt.models import Message
from knelpunt.services.cases import triage

QUESTION = "Welk omgevingsplan geldt er voor het gebouw?"


def ask(desk, case):
    triage.request_supplement(
        desk.context(desk.triager),
        case.reference,
        case.version,
        question=QUESTION,
        why="Daarvan hangt af wie beslist.",
        answer_by=(desk.now + timedelta(days=28)).date(),
    )
    desk.session.flush()
    return desk.session.scalars(select(Message).where(Message.kind == MessageKind.QUESTION)).one()
