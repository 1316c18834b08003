"""The providers at which people may log in: read from a file that the operator keeps."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import ECKey, OKPKey, RSAKey

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
_ALGORITHMS = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
"""The signature that goes with each curve, by RFC 7518; of others there is none."""
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class ProviderError(Exception):
    """The file says something that cannot be; the message names what."""


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One provider. ``slug`` stands in addresses and in the database, and never changes.

    Attributes:
        trusts_email: the provider says itself that its addresses are true, and sends no ``email_verified``.
        client_key: the file with our private key (PEM), by which we show who we are instead of by a secret
            (``private_key_jwt``); beside the file that names it, unless it is a whole path.
        client_key_id: by which name the provider knows that key.
        is_only_way: who is of an organisation for which a rule of this provider holds, logs in here and nowhere else.
        strong_acr: values of ``acr`` by which the provider says that it asked for a second factor.
        strong_amr: the same for ``amr``. A code or a key alone may be all that was asked, so they do not stand here.
    """

    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = ""
    client_key: str = ""
    client_key_id: str = ""
    scope: str = "openid email profile"
    is_only_way: bool = False
    trusts_email: bool = False
    strong_acr: tuple[str, ...] = ()
    strong_amr: tuple[str, ...] = ("mfa",)

    def __repr__(self) -> str:
        """Without the secret and the key: what is printed may stand in a log."""
        return f"Provider({self.slug!r})"


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
        if bool(provider.client_secret) == bool(provider.client_key):
            raise ProviderError(f"{path}: {provider.slug} must have a client_secret or a client_key, and not both.")
        found[provider.slug] = _with_key(path, provider) if provider.client_key else provider
    return found


def _with_key(path: Path, provider: Provider) -> Provider:
    """The same provider, with the key itself for the name of its file."""
    try:
        key = (path.parent / provider.client_key).read_text(encoding="ascii")
        signing_key(key)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        why = type(error).__name__
        raise ProviderError(f"{path}: the client_key of {provider.slug} cannot be read: {why}") from None
    return msgspec.structs.replace(provider, client_key=key)


def signing_key(pem: str) -> tuple[RSAKey | ECKey | OKPKey, str]:
    """A private key, and with which signature it is used.

    Raises:
        ValueError: it is no private key, or of a kind that signs nothing here.
    """
    held = load_pem_private_key(pem.encode("ascii"), None)
    if isinstance(held, RSAPrivateKey):
        return RSAKey.import_key(pem), "PS256"
    if isinstance(held, EllipticCurvePrivateKey) and held.curve.name in _ALGORITHMS:
        return ECKey.import_key(pem), _ALGORITHMS[held.curve.name]
    if isinstance(held, Ed25519PrivateKey):
        return OKPKey.import_key(pem), "EdDSA"
    raise ValueError("this kind of key signs nothing here")
