"""What can be said of a message on paper or by telephone."""

from datetime import datetime


def why_not_to_send(body: str | None, dropped_at: datetime | None) -> str:
    """Why a message that did not go is not to be sent any more, for people at the desk; empty when it is."""
    if not body:
        return "De contactgegevens zijn gewist. Dit bericht gaat niet meer weg."
    return "Dit bericht is ingetrokken en gaat niet meer weg." if dropped_at is not None else ""
