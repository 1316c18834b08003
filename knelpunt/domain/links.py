"""Addresses that go into mails: always on the configured base address, with tokens that cannot be guessed."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

_ID_LENGTH = 12
_MAC_LENGTH = 32


def new_public_id() -> str:
    """A random, public number for a link: 12 letters and digits."""
    return secrets.token_hex(_ID_LENGTH // 2)


def new_nonce() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and checks addresses. The key stays on the server; a changed nonce makes every older token worthless."""

    base_url: str
    secret_key: str

    def to(self, path: str) -> str:
        """The full address of a path on this site."""
        return self.base_url + path

    def token(self, purpose: str, public_id: str, nonce: str) -> str:
        """The secret part of an address: the public number, then 128 bits only this server can make."""
        text = f"{purpose}:{public_id}:{nonce}".encode()
        return public_id + hmac.new(self.secret_key.encode(), text, hashlib.sha256).hexdigest()[:_MAC_LENGTH]

    def follow(self, public_id: str, nonce: str) -> str:
        """The address by which a submitter without an account follows one case."""
        return self.to(f"/volgen/{self.token('volgen', public_id, nonce)}")

    def matches(self, token: str, purpose: str, public_id: str, nonce: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token(purpose, public_id, nonce).encode())

    @staticmethod
    def public_id_of(token: str) -> str | None:
        """The public number in a token of the right shape; None for anything else."""
        if len(token) != _ID_LENGTH + _MAC_LENGTH or not token.isascii() or not token.isalnum():
            return None
        return token[:_ID_LENGTH]
