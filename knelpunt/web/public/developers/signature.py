"""Tells an event of Knelpunt from what others send."""

import base64
import hmac
import time
from collections.abc import Mapping

LONGEST_SECONDS = 300


def is_from_knelpunt(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """``secret``: whsec_...; ``headers``: with small letters; ``body``: the bytes as they came in."""
    sent_at = headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > LONGEST_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{sent_at}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return any(hmac.compare_digest(expected, each) for each in headers["webhook-signature"].split())
