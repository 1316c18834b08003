"""One number that changes in each transaction that changes what public pages show.

The triggers wait for the commit: until then nobody waits for the one row, and whoever holds it waits for nobody. A
later migration that changes rows of these tables and then their columns says ``SET CONSTRAINTS ALL IMMEDIATE`` first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

WATCHED = (
    "bottleneck_cases",
    "bottleneck_news",
    "bottleneck_provisions",
    "bottlenecks",
    "definition_agreements",
    "guide_claims",
    "guide_provisions",
    "guide_versions",
    "guides",
    "law_successions",
    "laws",
    "ministry_replies",
    "provision_successions",
    "provision_wordings",
    "provisions",
    "published_cases",
    "quarter_editions",
    "quarter_errata",
    "quarter_seals",
    "quarter_texts",
    "retention_categories",
    "terms",
)


def upgrade() -> None:
    op.create_table(
        "public_version",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_public_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_version")),
    )
    op.execute("INSERT INTO public_version (id, version) VALUES (1, gen_random_uuid())")
    op.execute(
        """
        CREATE FUNCTION note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            -- Once a transaction, however many rows it changes.
            IF current_setting('knelpunt.public_change', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
                UPDATE public.public_version SET version = gen_random_uuid();
                PERFORM set_config('knelpunt.public_change', pg_current_xact_id()::text, true);
            END IF;
            RETURN NULL;
        END $$
        """
    )
    for table in WATCHED:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_are_public AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_public_change()"
        )


def downgrade() -> None:
    for table in WATCHED:
        op.execute(f"DROP TRIGGER {table}_are_public ON {table}")
    op.execute("DROP FUNCTION note_public_change()")
    op.drop_table("public_version")
