"""Subscriptions of organisations to events, the events that wait for them, and the tries to hand them over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0105"
down_revision = "0101"
branch_labels = None
depends_on = None

OUTCOMES = (
    "gelukt",
    "geweigerd",
    "te_druk",
    "adres_vervallen",
    "doorgestuurd",
    "geen_antwoord",
    "te_langzaam",
    "verboden_adres",
    "geen_toestemming",
    "eigen_fout",
)
WAITS = sa.text("sent_at IS NULL AND gave_up_at IS NULL")


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "event_subscriptions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger()),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("covers", JSONB(), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("old_sealed_secret", sa.String()),
        sa.Column("old_until", instant),
        sa.Column("made_by_id", sa.BigInteger()),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("allowed_at", instant),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", instant),
        sa.Column("next_try_at", instant, nullable=False),
        sa.Column("switched_off_at", instant),
        sa.Column("ended_at", instant),
        sa.Column("ended_by_id", sa.BigInteger()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_event_subscriptions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_clients.id"], name=op.f("fk_event_subscriptions_client_id_api_clients")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_event_subscriptions_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["accounts.id"], name=op.f("fk_event_subscriptions_ended_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_subscriptions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_subscriptions_public_id")),
    )
    op.create_index(op.f("ix_event_subscriptions_organisation_id"), "event_subscriptions", ["organisation_id"])
    op.create_index(op.f("ix_event_subscriptions_client_id"), "event_subscriptions", ["client_id"])
    op.create_table(
        "outbox_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("data", JSONB(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("next_try_at", instant, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", instant),
        sa.Column("gave_up_at", instant),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["event_subscriptions.id"],
            name=op.f("fk_outbox_events_subscription_id_event_subscriptions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outbox_events_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_events")),
        sa.UniqueConstraint("subscription_id", "event_id", name=op.f("uq_outbox_events_subscription_id_event_id")),
    )
    op.create_index(op.f("ix_outbox_events_case_id"), "outbox_events", ["case_id"])
    op.create_index(op.f("ix_outbox_events_created_at"), "outbox_events", ["created_at"])
    op.create_index("ix_outbox_events_waiting", "outbox_events", ["next_try_at", "id"], postgresql_where=WAITS)
    op.create_index(
        "ix_outbox_events_order", "outbox_events", ["subscription_id", "topic", "id"], postgresql_where=WAITS
    )
    op.create_table(
        "event_tries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger()),
        sa.Column("tried_at", instant, nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.BigInteger()),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="tryoutcome", native_enum=False, length=40),
            nullable=False,
        ),
        sa.CheckConstraint(sa.column("outcome").in_(OUTCOMES), name=op.f("ck_event_tries_tryoutcome")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["event_subscriptions.id"],
            name=op.f("fk_event_tries_subscription_id_event_subscriptions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["outbox_events.id"], name=op.f("fk_event_tries_event_id_outbox_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_tries")),
    )
    op.create_index("ix_event_tries_subscription", "event_tries", ["subscription_id", "id"])
    op.create_index(op.f("ix_event_tries_event_id"), "event_tries", ["event_id"])
    op.create_index(op.f("ix_event_tries_tried_at"), "event_tries", ["tried_at"])


def downgrade() -> None:
    op.drop_table("event_tries")
    op.drop_table("outbox_events")
    op.drop_table("event_subscriptions")
