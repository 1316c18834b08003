"""The number by which processes notice that small tables changed which they keep in memory."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.models.base import Base


class ReferenceVersion(Base):
    """One row. Raised in the transaction that changes municipalities, organisations, laws or staff accounts."""

    __tablename__ = "reference_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
