"""What people ask about their own data, and the places in which they were found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

KINDS = ("inzage", "wissen")
CHANNELS = ("pagina", "brief", "telefoon", "mail")
STATUSES = ("ontvangen", "identiteit_gecontroleerd", "afgehandeld", "afgewezen")
DECISIONS = ("open", "weghalen", "laten_staan")
GROUNDS = ("ander_persoon", "archiefwet", "functie", "rechtsvordering", "logboek", "verzegeld")
EMPTY = sa.text("'[]'::jsonb")


def _listed(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, length=40)


def upgrade() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _listed("requestkind", KINDS), nullable=False),
        sa.Column("channel", _listed("requestchannel", CHANNELS), nullable=False),
        sa.Column("status", _listed("requeststatus", STATUSES), nullable=False),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("account_id", sa.BigInteger()),
        sa.Column("name", sa.String()),
        sa.Column("spellings", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("email", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("postal_address", sa.String()),
        sa.Column("words", sa.String()),
        sa.Column("language", sa.String(), server_default="nl", nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_reason", sa.String()),
        sa.Column("written_by_id", sa.BigInteger()),
        sa.Column("identity_how", sa.String()),
        sa.Column("checked_by_id", sa.BigInteger()),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("searched_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_id", sa.BigInteger()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.String()),
        sa.Column("proof", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("digest", sa.String()),
        sa.Column("answered_on", sa.Date()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(sa.column("kind").in_(KINDS), name=op.f("ck_privacy_requests_requestkind")),
        sa.CheckConstraint(sa.column("channel").in_(CHANNELS), name=op.f("ck_privacy_requests_requestchannel")),
        sa.CheckConstraint(sa.column("status").in_(STATUSES), name=op.f("ck_privacy_requests_requeststatus")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (status IN ('ontvangen', 'identiteit_gecontroleerd'))",
            name=op.f("ck_privacy_requests_decided"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_privacy_requests_case_id_cases")),
        *(
            sa.ForeignKeyConstraint([column], ["accounts.id"], name=op.f(f"fk_privacy_requests_{column}_accounts"))
            for column in ("account_id", "written_by_id", "checked_by_id", "decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_privacy_requests_public_id")),
    )
    op.create_index(op.f("ix_privacy_requests_case_id"), "privacy_requests", ["case_id"])
    op.create_index(op.f("ix_privacy_requests_account_id"), "privacy_requests", ["account_id"])
    op.create_index(op.f("ix_privacy_requests_decided_at"), "privacy_requests", ["decided_at"])
    op.create_index(
        "ix_privacy_requests_open",
        "privacy_requests",
        ["due_on", "id"],
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "privacy_places",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("column_name", sa.String(), nullable=False),
        sa.Column("row_key", postgresql.JSONB(), nullable=False),
        sa.Column("path", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("words_hash", sa.String(), nullable=False),
        sa.Column("decision", _listed("placedecision", DECISIONS), server_default="open", nullable=False),
        sa.Column("ground", _listed("ground", GROUNDS)),
        sa.CheckConstraint(sa.column("decision").in_(DECISIONS), name=op.f("ck_privacy_places_placedecision")),
        sa.CheckConstraint(sa.column("ground").in_(GROUNDS), name=op.f("ck_privacy_places_ground")),
        sa.CheckConstraint(
            "(decision = 'laten_staan') = (ground IS NOT NULL)", name=op.f("ck_privacy_places_stays_with_ground")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_requests.id"],
            name=op.f("fk_privacy_places_request_id_privacy_requests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_privacy_places_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_places")),
        sa.UniqueConstraint(
            "request_id",
            "table_name",
            "row_key",
            "column_name",
            "path",
            "start",
            name=op.f("uq_privacy_places_request_id_table_name_row_key_column_name_path_start"),
        ),
    )
    op.create_index(op.f("ix_privacy_places_case_id"), "privacy_places", ["case_id"])


def downgrade() -> None:
    op.drop_table("privacy_places")
    op.drop_table("privacy_requests")
