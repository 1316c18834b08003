"""The file that tells where a fault in the security can be reported (RFC 9116)."""

from datetime import datetime, timedelta

VALID_FOR = timedelta(days=180)
"""RFC 9116 recommends less than a year."""


def security_txt(contact: str, base_url: str, now: datetime) -> str:
    """The text of security.txt; ``now`` is an aware instant in UTC."""
    expires = (now + VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {base_url}/.well-known/security.txt",
        "Preferred-Languages: nl, en",
    )
    return "\n".join(lines) + "\n"
