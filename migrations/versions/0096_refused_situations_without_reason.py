"""Of a situation that was refused nobody is asked why: it has no reason."""

from alembic import op

revision = "0096"
down_revision = "0094"
branch_labels = None
depends_on = None
needs_stop = True

CHECK = op.f("ck_suggestion_feedback_refusal_has_reason")
TABLE = "suggestion_feedback"


def upgrade() -> None:
    op.drop_constraint(CHECK, TABLE, type_="check")
    op.execute("UPDATE suggestion_feedback SET reason = NULL WHERE situation IS NOT NULL")
    op.create_check_constraint(CHECK, TABLE, "(decision = 'afgewezen' AND situation IS NULL) = (reason IS NOT NULL)")


def downgrade() -> None:
    op.drop_constraint(CHECK, TABLE, type_="check")
    op.execute(
        "UPDATE suggestion_feedback SET reason = 'ander_onderwerp'"
        " WHERE situation IS NOT NULL AND decision = 'afgewezen'"
    )
    op.create_check_constraint(CHECK, TABLE, "(decision = 'afgewezen') = (reason IS NOT NULL)")
