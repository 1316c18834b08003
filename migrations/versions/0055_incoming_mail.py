"""Mail that comes in, as it came in, and the state of the mailbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

STATUSES = ("in_zaak", "wacht", "niet_voor_ons", "genegeerd", "bezorgmelding")
REASONS = (
    "onbekende_afzender",
    "ander_adres",
    "kenmerk_klopt_niet",
    "geen_contactgegevens",
    "zaak_is_klaar",
    "te_groot",
    "te_veel",
    "zelfde_kenmerk",
    "onleesbaar",
    "automatisch",
    "eigen_mail",
    "vertraagd",
    "bezorgmelding_van_een_ander",
)


def _list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "incoming_mails",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", _list("incomingstatus", *STATUSES), nullable=False),
        sa.Column("reason", _list("incomingreason", *REASONS), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("reply_id", sa.BigInteger(), nullable=True),
        sa.Column("asks_handler", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("refused_files", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("from_address", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(status = 'in_zaak') <= (case_id IS NOT NULL)", name=op.f("ck_incoming_mails_landed_has_case")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_incoming_mails_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["messages.id"], name=op.f("fk_incoming_mails_reply_id_messages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_incoming_mails_decided_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_incoming_mails_message_id")),
    )
    op.create_index(op.f("ix_incoming_mails_case_id"), "incoming_mails", ["case_id"])
    op.create_index(op.f("ix_incoming_mails_arrived_at"), "incoming_mails", ["arrived_at"])
    op.create_index("ix_incoming_mails_waiting", "incoming_mails", ["id"], postgresql_where=sa.text("status = 'wacht'"))
    op.create_index("ix_incoming_mails_asking", "incoming_mails", ["case_id"], postgresql_where=sa.text("asks_handler"))
    op.create_table(
        "incoming_sources",
        sa.Column("mail_id", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["incoming_mails.id"], name=op.f("fk_incoming_sources_mail_id_incoming_mails"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_incoming_sources")),
    )  # fmt: skip
    op.create_index(op.f("ix_incoming_sources_ends_on"), "incoming_sources", ["ends_on"])
    op.create_table(
        "mailbox_state",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_state")),
    )


def downgrade() -> None:
    op.drop_table("mailbox_state")
    op.drop_table("incoming_sources")
    op.drop_table("incoming_mails")
