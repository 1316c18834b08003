"""Who wants to hear by e-mail of what becomes public."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.languages import DUTCH
from knelpunt.models.base import Base, about


class Subscription(Base):
    """An e-mail address that wants to hear of what is new about some topics. Personal data; ends on ``ends_on``, or at
    once when its owner stops.

    ``topics`` are what its owner confirmed: each the filters of a list, as they stand in an address. Each of
    ``questions`` waits to be confirmed: a ``topic``, asked ``on`` a day, by a link that is made from its ``nonce`` and
    works once. ``looked_on``: the last day on which was looked for news. ``told`` holds what was told, with its day,
    for as long as the same days are looked at again.
    """

    __tablename__ = "subscriptions"
    __personal__ = about(follower="email public_id nonce language topics questions told")

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ends_on: Mapped[date] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(default=DUTCH.code, server_default=DUTCH.code)
    topics: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    looked_on: Mapped[date | None] = mapped_column(index=True)
    told: Mapped[dict[str, str]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
