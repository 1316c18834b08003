"""The providers at which people may log in: read from a file that the operator keeps."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class ProviderError(Exception):
    """The file says something that cannot be; the message names what."""


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One provider. ``slug`` stands in addresses and in the database, and never changes.

    Attributes:
        trusts_email: the provider says itself that its addresses are true, and sends no ``email_verified``.
        strong_acr: values of ``acr`` by which the provider says that it asked for a second factor.
        strong_amr: the same for ``amr``. A code or a key alone may be all that was asked, so they do not stand here.
    """

    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    scope: str = "openid email profile"
    trusts_email: bool = False
    strong_acr: tuple[str, ...] = ()
    strong_amr: tuple[str, ...] = ("mfa",)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    providers: tuple[Provider, ...]


def read_providers(path: Path) -> dict[str, Provider]:
    """The providers in a file, by slug.

    Raises:
        ProviderError: it cannot be read, or something in it is wrong. Secrets are never named.
    """
    try:
        listed = msgspec.yaml.decode(path.read_bytes(), type=_File).providers
    except (OSError, msgspec.MsgspecError) as error:
        raise ProviderError(f"{path}: {error}") from error
    found: dict[str, Provider] = {}
    for provider in listed:
        if not _SLUG.fullmatch(provider.slug) or provider.slug in found:
            raise ProviderError(f"{path}: {provider.slug!r} is no slug, or stands there twice.")
        address = urlsplit(provider.issuer)
        is_safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOCAL)
        if not is_safe or not address.hostname or address.query or address.fragment:
            raise ProviderError(f"{path}: the issuer of {provider.slug} must be an https address.")
        found[provider.slug] = provider
    return found
