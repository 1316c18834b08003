"""Provinces, municipalities and organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provinces",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("iso_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provinces")),
        sa.UniqueConstraint("code", name=op.f("uq_provinces_code")),
        sa.UniqueConstraint("name", name=op.f("uq_provinces_name")),
    )
    op.create_table(
        "municipalities",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("province_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.BigInteger(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("tile_x", sa.BigInteger(), nullable=True),
        sa.Column("tile_row", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_municipalities_province_id_provinces")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["municipalities.id"], name=op.f("fk_municipalities_successor_id_municipalities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipalities")),
        sa.UniqueConstraint("code", name=op.f("uq_municipalities_code")),
    )
    op.create_index(op.f("ix_municipalities_name"), "municipalities", ["name"], unique=False)
    op.create_index(op.f("ix_municipalities_province_id"), "municipalities", ["province_id"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "gemeente",
                "provincie",
                "ministerie",
                "woningcorporatie",
                "schoolbestuur",
                "initiatief",
                "anders",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("abbreviation", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("tooi_uri", sa.String(), nullable=True),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("province_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_organisations_municipality_id_municipalities")
        ),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_organisations_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("code", name=op.f("uq_organisations_code")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_organisations_kind_name")),
        sa.UniqueConstraint("municipality_id", name=op.f("uq_organisations_municipality_id")),
        sa.UniqueConstraint("province_id", name=op.f("uq_organisations_province_id")),
        sa.UniqueConstraint("tooi_uri", name=op.f("uq_organisations_tooi_uri")),
    )
    op.create_table(
        "reference_version",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_reference_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_version")),
    )
    op.execute("INSERT INTO reference_version (id, version) VALUES (1, 1)")


def downgrade() -> None:
    op.drop_table("reference_version")
    op.drop_table("organisations")
    op.drop_index(op.f("ix_municipalities_province_id"), table_name="municipalities")
    op.drop_index(op.f("ix_municipalities_name"), table_name="municipalities")
    op.drop_table("municipalities")
    op.drop_table("provinces")
