"""Single sign-on: who somebody is at a provider, and the rules by which such people come in."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

ROLES = (
    "medewerker",
    "indiener",
    "organisatiebeheerder",
    "behandelaar",
    "triagist",
    "toetser",
    "hoofd_loket",
    "eigenaar_regelknelpunt",
    "auteur_kwartaal",
    "beheerder",
    "auditor",
)
STATUSES = ("voorgesteld", "geldt", "afgewezen", "beëindigd")


def upgrade() -> None:
    op.add_column("login_sessions", sa.Column("provider", sa.String()))
    op.add_column("login_sessions", sa.Column("provider_session", sa.String()))
    op.create_table(
        "sign_on_identities",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_on_identities_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_identities")),
        sa.UniqueConstraint("provider", "subject", name=op.f("uq_sign_on_identities_provider_subject")),
    )
    op.create_index(op.f("ix_sign_on_identities_account_id"), "sign_on_identities", ["account_id"])
    op.create_table(
        "sign_on_rules",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("second_claim", sa.String()),
        sa.Column("second_value", sa.String()),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Enum(*ROLES, name="role", native_enum=False, length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, name="signonrulestatus", native_enum=False, length=40), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_id", sa.BigInteger()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(sa.column("role").in_(ROLES), name=op.f("ck_sign_on_rules_role")),
        sa.CheckConstraint(sa.column("status").in_(STATUSES), name=op.f("ck_sign_on_rules_signonrulestatus")),
        sa.CheckConstraint("(second_claim IS NULL) = (second_value IS NULL)", name=op.f("ck_sign_on_rules_second")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_sign_on_rules_organisation_id_organisations")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["accounts.id"], name=op.f(f"fk_sign_on_rules_{column}_accounts"))
            for column in ("proposed_by_id", "decided_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_rules")),
    )
    op.create_index(op.f("ix_sign_on_rules_organisation_id"), "sign_on_rules", ["organisation_id"])
    op.create_index("ix_sign_on_rules_provider", "sign_on_rules", ["provider", "status"])


def downgrade() -> None:
    op.drop_table("sign_on_rules")
    op.drop_table("sign_on_identities")
    op.drop_column("login_sessions", "provider_session")
    op.drop_column("login_sessions", "provider")
