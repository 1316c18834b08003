"""Ministries that comment on the text of a quarter by a secret link, and what they say."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarter_comment_requests",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("ministry_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_quarter_comment_requests_asked_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["ministry_id"], ["organisations.id"], name=op.f("fk_quarter_comment_requests_ministry_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["quarter"], ["quarter_texts.quarter"], name=op.f("fk_quarter_comment_requests_quarter_quarter_texts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_comment_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_quarter_comment_requests_public_id")),
    )
    op.create_index(op.f("ix_quarter_comment_requests_quarter"), "quarter_comment_requests", ["quarter"], unique=False)
    op.create_table(
        "quarter_comments",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "aanleiding",
                "kwartaal",
                "cijfers",
                "knelpunt",
                "wetten",
                "regelknelpunten",
                "toezeggingen",
                "vooruitblik",
                name="section",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (is_taken IS NULL)", name=op.f("ck_quarter_comments_settled")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["quarter_comment_requests.id"],
            name=op.f("fk_quarter_comments_request_id_quarter_comment_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["accounts.id"], name=op.f("fk_quarter_comments_settled_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_comments")),
    )
    op.create_index("ix_quarter_comments_request", "quarter_comments", ["request_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("quarter_comments")
    op.drop_table("quarter_comment_requests")
