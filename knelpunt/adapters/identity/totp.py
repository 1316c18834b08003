"""Codes of a telephone (RFC 6238): their secret, the code of a half minute, and the picture to scan."""

import hmac

import pyotp
import segno

from knelpunt.domain.identity.factors import TOTP_DIGITS, TOTP_SECONDS

ISSUER = "Knelpunt"


def new_secret() -> str:
    """160 random bits in base32, as telephones take them."""
    return pyotp.random_base32()


def code_of(secret: str, step: int) -> str:
    """The code of one half minute."""
    return _totp(secret).generate_otp(step)


def matching_step(secret: str, code: str, steps: list[int]) -> int | None:
    """The half minute among these whose code this is. All are compared, so that the time tells nothing."""
    found = None
    for step in steps:
        if hmac.compare_digest(code_of(secret, step), code):
            found = step
    return found


def address(secret: str, name: str) -> str:
    """What the picture says: the secret, and the name under which a telephone shows it."""
    return _totp(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture(secret: str, name: str) -> str:
    """The QR code as SVG, for a page."""
    return segno.make(address(secret, name), error="m").svg_inline(scale=4, dark="#000", light="#fff", border=4)


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, digits=TOTP_DIGITS, interval=TOTP_SECONDS)
