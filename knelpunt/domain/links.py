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
_TAG = "mail-"
CASE, ACCOUNT = "z", "a"
"""The first letter of a token that stops mails: about one case, or to one account."""
_REPLY, _BOUNCE = "z", "b"
"""The first letter of what stands behind the plus in an address of ours: a case, or the mail that did not arrive."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a mail to one of our addresses is about, by the tag in that address. ``is_forged``: we did not make it."""

    case_id: int | None = None
    mail_id: int | None = None
    is_forged: bool = False


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
    mailbox: str | None = None
    """The address of which the mails are read; None: nobody reads an answer to a mail."""

    def to(self, path: str) -> str:
        """The full address of a path on this site."""
        return self.base_url + path

    def token(self, purpose: str, public_id: str, nonce: str) -> str:
        """The secret part of an address: the public number, then 128 bits only this server can make."""
        return _token(self.secret_key, purpose, public_id, nonce)

    def follow(self, public_id: str, nonce: str, language: str = DUTCH.code) -> str:
        """The address by which a submitter without an account follows one case, in the language with this code."""
        return self.to(f"{prefix_of(language)}/volgen/{self.token('volgen', public_id, nonce)}")

    def topics(self, public_id: str, nonce: str, language: str = DUTCH.code) -> str:
        """The address by which somebody changes and stops the mail about topics, in the language with this code."""
        return self.to(f"{prefix_of(language)}/op-de-hoogte/{self.token('op-de-hoogte', public_id, nonce)}")

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

    def reply_to(self, case_id: int | None) -> str | None:
        """The address for an answer to a mail, with a tag that brings it to this case; None when no answer is read."""
        return self.mailbox if case_id is None else self._tagged(_REPLY, case_id)

    def bounce_to(self, mail_id: int) -> str | None:
        """The address to which other servers report that this mail did not arrive; None when nobody reads that."""
        return self._tagged(_BOUNCE, mail_id)

    def tagged(self, address: str) -> Tagged | None:
        """What the tag in an address of ours says; None for an address of somebody else, or without a tag of ours."""
        local, _at, domain = address.lower().rpartition("@")
        own, _at, own_domain = (self.mailbox or "").lower().rpartition("@")
        base, plus, tag = local.rpartition("+")
        if not plus or (base, domain) != (own, own_domain):
            return None
        kind, token = tag[:1], tag[1:]
        public_id = self.public_id_of(token)
        if kind not in (_REPLY, _BOUNCE) or public_id is None:
            return None
        if not self.matches(token, _TAG + kind, public_id, ""):
            return Tagged(is_forged=True)
        number = int(public_id, 16)
        return Tagged(case_id=number) if kind == _REPLY else Tagged(mail_id=number)

    def is_own(self, address: str) -> bool:
        """Whether a mail from this address is one of ours that came back."""
        local, _at, domain = address.lower().rpartition("@")
        own, _at, own_domain = (self.mailbox or "").lower().rpartition("@")
        return bool(own) and domain == own_domain and local.partition("+")[0] == own

    def _tagged(self, kind: str, number: int) -> str | None:
        if self.mailbox is None:
            return None
        local, _at, domain = self.mailbox.rpartition("@")
        return f"{local}+{kind}{self.token(_TAG + kind, f'{number:0{_ID_LENGTH}x}', '')}@{domain}"

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
