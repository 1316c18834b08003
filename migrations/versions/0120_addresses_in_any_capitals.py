"""Find the cases of an address in whatever capitals it was typed, without reading all contacts.

An address as it stands is only compared in the contact of one case, which its key finds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_contacts_email_lower", "contacts", [sa.literal_column("lower(email)")])
    op.drop_index("ix_contacts_email", table_name="contacts")


def downgrade() -> None:
    op.create_index("ix_contacts_email", "contacts", ["email"])
    op.drop_index("ix_contacts_email_lower", table_name="contacts")
