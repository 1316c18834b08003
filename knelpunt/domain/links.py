"""Addresses that go into mails: always on the configured base address, with tokens that cannot be guessed."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from knelpunt.domain.languages import DUTCH, prefix_of
from knelpunt.domain.texts import Text

_ID_LENGTH = 12
_MAC_LENGTH = 32
_STOP = "afmelden-"
CASE, ACCOUNT = "z", "a"
"""The first letter of a token that stops mails: about one case, or to one account."""


def new_public_id() -> str:
    """A random, public number for a link: 12 letters and digits."""
    return secrets.token_hex(_ID_LENGTH // 2)


def new_nonce() -> str:
    return secrets.token_hex(16)


def _token(key: str, purpose: str, public_id: str, nonce: str) -> str:
    text = f"{purpose}:{public_id}:{nonce}".encode()
    return public_id + hmac.new(key.encode(), text, hashlib.sha256).hexdigest()[:_MAC_LENGTH]


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and checks addresses. The key stays on the server; a changed nonce makes every older token worthless.

    Tokens that were made with one of the ``older_keys`` are still good.
    """

    base_url: str
    secret_key: str
    older_keys: tuple[str, ...] = ()

    def to(self, path: str) -> str:
        """The full address of a path on this site."""
        return self.base_url + path

    def token(self, purpose: str, public_id: str, nonce: str) -> str:
        """The secret part of an address: the public number, then 128 bits only this server can make."""
        return _token(self.secret_key, purpose, public_id, nonce)

    def follow(self, public_id: str, nonce: str, language: str = DUTCH.code) -> str:
        """The address by which a submitter without an account follows one case, in the language with this code."""
        return self.to(f"{prefix_of(language)}/volgen/{self.token('volgen', public_id, nonce)}")

    def unsubscribe(self, whose: str, number: int) -> str:
        """The address that stops every mail that may be stopped: of one case (``CASE``) or one account (``ACCOUNT``).

        It holds for ever, because a mail is opened years later; it can do nothing else.
        """
        return self.to(f"/mail/{whose}{self.token(_STOP + whose, f'{number:0{_ID_LENGTH}x}', '')}/afmelden")

    def unsubscribed(self, token: str) -> tuple[str, int] | None:
        """Whose mails a token of ``unsubscribe`` stops: CASE or ACCOUNT, and its id; None for anything else."""
        whose, rest = token[:1], token[1:]
        public_id = self.public_id_of(rest)
        if whose not in (CASE, ACCOUNT) or public_id is None or not self.matches(rest, _STOP + whose, public_id, ""):
            return None
        return whose, int(public_id, 16)

    def matches(self, token: str, purpose: str, public_id: str, nonce: str) -> bool:
        keys = (self.secret_key, *self.older_keys)
        good = [hmac.compare_digest(token.encode(), _token(key, purpose, public_id, nonce).encode()) for key in keys]
        return any(good)

    @staticmethod
    def public_id_of(token: str) -> str | None:
        """The public number in a token of the right shape; None for anything else."""
        if len(token) != _ID_LENGTH + _MAC_LENGTH or not token.isascii() or not token.isalnum():
            return None
        return token[:_ID_LENGTH]


FOLLOWED_MONTHS = 24
"""How long an address of a follower is kept after it was confirmed."""
UNCONFIRMED_DAYS = 7
"""How long an address is kept that nobody confirmed."""
TOO_OFTEN = Text("U vroeg dit een paar keer kort na elkaar. Wacht een kwartier en probeer het dan opnieuw.")
LINK_OVER = Text("Deze link werkt niet meer. Misschien bent u al gestopt met volgen, of is de link ouder dan 7 dagen.")
