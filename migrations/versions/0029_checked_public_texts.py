"""Public texts with their next step, what went along to the submitter, and what a second person let stand in them.

The next step was published without having been shown. Texts that are public keep the one that is public; one that lies
before its submitter now gets none, for it was not in what the submitter reads.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

EMPTY = sa.text("'[]'::jsonb")


def upgrade() -> None:
    op.add_column("public_texts", sa.Column("next_step", sa.String()))
    op.add_column("public_texts", sa.Column("shown", JSONB()))
    op.add_column("public_texts", sa.Column("passed", JSONB(), server_default=EMPTY, nullable=False))
    op.add_column("reviews", sa.Column("pass_reason", sa.String()))
    op.add_column("published_cases", sa.Column("corrections", JSONB(), server_default=EMPTY, nullable=False))
    op.add_column("guide_versions", sa.Column("passed", JSONB(), server_default=EMPTY, nullable=False))
    op.add_column("guide_versions", sa.Column("pass_reason", sa.String()))
    op.execute(
        """
        UPDATE public_texts
        SET next_step = CASE WHEN cases.publication = 'intern' THEN cases.next_step ELSE published_cases.next_step END
        FROM cases LEFT JOIN published_cases ON published_cases.case_id = cases.id
        WHERE cases.id = public_texts.case_id
        """
    )


def downgrade() -> None:
    for column in ("pass_reason", "passed"):
        op.drop_column("guide_versions", column)
    op.drop_column("published_cases", "corrections")
    op.drop_column("reviews", "pass_reason")
    for column in ("passed", "shown", "next_step"):
        op.drop_column("public_texts", column)
