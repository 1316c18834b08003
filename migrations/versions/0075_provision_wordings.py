"""Wordings of provisions: what held from one day to another, and whether its text was read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

SOURCE = "niet genoteerd"
NOT_READ = "Van deze redactie is de tekst niet gelezen."


def upgrade() -> None:
    op.create_table(
        "provision_wordings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("checked_through", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("text_hash", sa.String(), nullable=True),
        sa.Column("staatsblad", sa.String(), nullable=True),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_provision_wordings_period")),
        sa.CheckConstraint("(read_on IS NULL) = (source IS NULL)", name=op.f("ck_provision_wordings_source")),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(provision_id, provision_id, '[]')"), "&&"),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            name="ex_provision_wordings_one_a_day",
            using="gist",
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"],
            ["provisions.id"],
            name=op.f("fk_provision_wordings_provision_id_provisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_wordings")),
    )
    op.create_index(op.f("ix_provision_wordings_provision_id"), "provision_wordings", ["provision_id"])
    # From the day of the oldest text that was read on, a provision was read; before it, it was not.
    op.execute(
        f"""
        INSERT INTO provision_wordings
            (provision_id, valid_from, valid_to, read_on, source, confidence, details)
        SELECT provisions.id, period.first, period.last, period.read_on,
            CASE WHEN period.read_on IS NOT NULL THEN '{SOURCE}' END,
            CASE WHEN period.read_on IS NULL AND confidence = 'verified' THEN 'partly' ELSE confidence END,
            jsonb_build_object(
                'decided_by', details->'decided_by',
                'deviates_from', details->'deviates_from',
                'conditions', details->'conditions',
                'max_duration', details->'max_duration',
                'decision_term', details->'decision_term',
                'valid_from', CASE WHEN period.first = provisions.valid_from THEN details->'valid_from'
                    ELSE to_jsonb(period.first::text) END,
                'articles', '[]'::jsonb,
                'change', null,
                'why_not_read', CASE WHEN period.read_on IS NULL THEN '{NOT_READ}' END
            )
        FROM provisions, LATERAL (
            SELECT valid_from AS first, valid_to AS last,
                CASE WHEN text_checked_from <= valid_from THEN text_checked_from END AS read_on
            WHERE text_checked_from IS NULL OR text_checked_from <= valid_from OR text_checked_from > valid_to
            UNION ALL
            SELECT valid_from, text_checked_from - 1, NULL::date
            WHERE (valid_from IS NULL OR text_checked_from > valid_from)
                AND (valid_to IS NULL OR text_checked_from <= valid_to)
            UNION ALL
            SELECT text_checked_from, valid_to, text_checked_from
            WHERE (valid_from IS NULL OR text_checked_from > valid_from)
                AND (valid_to IS NULL OR text_checked_from <= valid_to)
        ) AS period
        """  # noqa: S608 - two sentences of this module
    )
    op.execute(
        f"""
        UPDATE provisions SET details = (details - 'text_checked_from') || jsonb_build_object('wordings', (
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'valid_from', CASE WHEN nth > 1 THEN one.valid_from::text END,
                'read_on', one.read_on::text,
                'source', one.source,
                'why_not_read', CASE WHEN one.read_on IS NULL THEN '{NOT_READ}' END
            )) ORDER BY nth)
            FROM (
                SELECT *, row_number() OVER (ORDER BY valid_from NULLS FIRST) AS nth
                FROM provision_wordings WHERE provision_id = provisions.id
            ) AS one
        ))
        """  # noqa: S608 - a sentence of this module
    )
    op.drop_column("provisions", "text_checked_from")


def downgrade() -> None:
    op.add_column("provisions", sa.Column("text_checked_from", sa.Date(), nullable=True))
    op.execute(
        """
        UPDATE provisions SET text_checked_from = (
            SELECT min(read_on) FROM provision_wordings WHERE provision_id = provisions.id
        )
        """
    )
    op.execute(
        """
        UPDATE provisions
        SET details = (details - 'wordings') || jsonb_build_object('text_checked_from', text_checked_from::text)
        """
    )
    op.drop_table("provision_wordings")
