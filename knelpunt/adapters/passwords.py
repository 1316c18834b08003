"""Hashing and checking passwords with argon2id."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB and two passes: the first choice of the OWASP password storage sheet, some 20 ms on a small server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: bytes) -> str:
    """A salted hash that names its own parameters."""
    return _HASHER.hash(password)


@cache
def _nobodys_hash() -> str:
    """Made when it is first needed: twenty megabytes and as many milliseconds, which a worker never asks for."""
    return _HASHER.hash(b"nobody has this password")


def matches(password_hash: str | None, password: bytes) -> bool:
    """Whether the password belongs to the hash. Without a hash the same work is done and the answer is no."""
    try:
        found = _HASHER.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return found and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(password_hash)
