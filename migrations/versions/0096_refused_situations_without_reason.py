"""Of a situation that was refused nobody is asked why: it has no reason.

Code of before stores one, which the rule of this step refuses.
"""

from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None
needs_stop = True

CHECK = "ck_suggestion_feedback_refusal_has_reason"
TABLE = "suggestion_feedback"


def upgrade() -> None:
    op.drop_constraint(op.f(CHECK), TABLE, type_="check")
    op.execute("UPDATE suggestion_feedback SET reason = NULL WHERE situation IS NOT NULL")
    op.create_check_constraint(
        op.f(CHECK), TABLE, "(decision = 'afgewezen' AND situation IS NULL) = (reason IS NOT NULL)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f(CHECK), TABLE, type_="check")
    op.execute(
        "UPDATE suggestion_feedback SET reason = 'ander_onderwerp'"
        " WHERE situation IS NOT NULL AND decision = 'afgewezen'"
    )
    op.create_check_constraint(op.f(CHECK), TABLE, "(decision = 'afgewezen') = (reason IS NOT NULL)")
