"""The append-only event chain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APP_ROLE = "knelpunt_app"
"""The role of the application where the owner is another one: it may add and read events, nothing else."""

_OPEN = "'aanvulling_gevraagd', 'heroverweging', 'in_behandeling', 'in_triage', 'ingediend', 'uitgezet', 'voorstel'"
IS_CROSSING = f"(status IN ({_OPEN})) <> (status_before IN ({_OPEN}))"


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "account",
                "volglink",
                "bezoeker",
                "systeem",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status_before",
            sa.Enum(
                "concept",
                "ingediend",
                "in_triage",
                "aanvulling_gevraagd",
                "in_behandeling",
                "uitgezet",
                "voorstel",
                "heroverweging",
                "doorverwezen",
                "afgesloten",
                "ingetrokken",
                "gearchiveerd",
                name="casestatus_before",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "concept",
                "ingediend",
                "in_triage",
                "aanvulling_gevraagd",
                "in_behandeling",
                "uitgezet",
                "voorstel",
                "heroverweging",
                "doorverwezen",
                "afgesloten",
                "ingetrokken",
                "gearchiveerd",
                name="casestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "V0",
                "V1",
                "V2",
                "V3",
                "V4",
                "V5",
                "V6",
                "V7",
                "V8",
                "V9",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "opgelost_binnen_bestaande_regels",
                "met_ontheffing_of_afwijking",
                "via_experiment",
                "door_andere_uitvoeringspraktijk",
                "gekoppeld_aan_regelknelpunt",
                "beantwoord_door_ruimtewijzer",
                "niet_oplosbaar_gemotiveerd",
                "buiten_bereik_warm_overgedragen",
                "ingetrokken",
                "dubbel_van_eigen_melding",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("fk_events_actor_id_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_events_case_id_cases")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_events")),
    )
    op.create_index("ix_events_case", "events", ["case_id", "number"], unique=False)
    op.create_index(
        "ix_events_crossing",
        "events",
        ["happened_on", "case_id", "number"],
        unique=False,
        postgresql_include=["status", "verdict", "result"],
        postgresql_where=sa.text(IS_CROSSING),
    )
    op.create_index("ix_events_kind_day", "events", ["kind", "happened_on", "case_id"], unique=False)
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE ON events"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER events_are_never_emptied BEFORE TRUNCATE ON events"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    if op.get_bind().scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": APP_ROLE}):
        op.execute(f"REVOKE ALL ON events FROM {APP_ROLE}")
        op.execute(f"GRANT SELECT, INSERT ON events TO {APP_ROLE}")


def downgrade() -> None:
    op.drop_index("ix_events_kind_day", table_name="events")
    op.drop_index("ix_events_crossing", table_name="events")
    op.drop_index("ix_events_case", table_name="events")
    op.drop_table("events")
    op.execute("DROP FUNCTION refuse_change")
