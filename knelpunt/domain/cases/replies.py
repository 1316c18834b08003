"""What a submitter told the desk otherwise than on the site, and how that is kept: who said it, how, on which day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from knelpunt.domain.texts import Text


class ReplyChannel(StrEnum):
    """How a reaction reached the desk."""

    TELEPHONE = "telefoon"
    LETTER = "brief"
    COUNTER = "balie"
    MAIL = "e-mail"

    @property
    def words(self) -> Text:
        """The channel inside a sentence."""
        return _IN_A_SENTENCE[self]


_IN_A_SENTENCE = {
    ReplyChannel.TELEPHONE: Text("per telefoon"),
    ReplyChannel.LETTER: Text("per brief"),
    ReplyChannel.COUNTER: Text("aan de balie"),
    ReplyChannel.MAIL: Text("per e-mail"),
}


class Reaction(StrEnum):
    """What the desk may write down for a submitter. Withdrawing is not among them: only the submitter does that."""

    ANSWER = "antwoord"
    ACCEPT = "voorstel_helpt"
    REFUSE = "voorstel_helpt_niet"
    OBJECT = "bezwaar_tegen_tekst"
    SECOND_LOOK = "heroverweging"
    SHARE = "delen_mag"
    NOT_SHARE = "delen_mag_niet"
    ADD = "toevoeging"


NEEDS_NO_WORDS = frozenset({Reaction.ACCEPT, Reaction.SHARE, Reaction.NOT_SHARE})
"""Reactions that say enough by themselves."""


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """A reaction that somebody at the desk writes down for the submitter.

    ``received_on`` is the legal day (Europe/Amsterdam) on which it reached the desk; ``version`` is the version of the
    case that the one who writes it down had read. ``said_by_id`` is the account of the colleague who told it for an
    organisation, and ``said_by`` that name, for the mail about it; a resident has neither.
    """

    channel: ReplyChannel
    received_on: date
    version: int | None = None
    said_by_id: int | None = None
    said_by: str = ""

    @property
    def event_data(self) -> dict[str, Any]:
        """What the event keeps beside the one who typed it: for whom, how it came in, and on which day."""
        said_by = {} if self.said_by_id is None else {"gezegd_door": self.said_by_id}
        return {
            "namens": "indiener",
            "kanaal": self.channel.value,
            "ontvangen_op": self.received_on.isoformat(),
            **said_by,
        }
