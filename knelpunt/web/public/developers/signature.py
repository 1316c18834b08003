"""Tells an event of Knelpunt from what others send."""

import base64
import hmac
import time
from collections.abc import Mapping

LONGEST_SECONDS = 300


def is_from_knelpunt(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """``secret``: whsec_...; ``headers``: with small letters; ``body``: the bytes as they came in."""
    number, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    is_number = sent_at.isascii() and sent_at.isdigit() and len(sent_at) < 16
    if not is_number or abs(time.time() - int(sent_at)) > LONGEST_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{number}.{sent_at}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(key, signed, "sha256"))
    return any(hmac.compare_digest(expected, each.encode()) for each in headers.get("webhook-signature", "").split())
