"""What each user takes, so that all visitors together can be limited; and CSV files that are kept in step."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_STORED = """
UPDATE cxg_person SET stored =
  (SELECT COALESCE(SUM(LENGTH(data)), 0) FROM cxg_content WHERE person_id = cxg_person.id) +
  (SELECT COALESCE(SUM(LENGTH(state)), 0) FROM cxg_history
     JOIN cxg_collection ON cxg_collection.id = collection_id WHERE person_id = cxg_person.id)
"""


def upgrade() -> None:
    """Make them."""
    op.add_column("cxg_person", sa.Column("stored", sa.BigInteger, nullable=False, server_default="0"))
    op.execute(_STORED)
    op.create_table(
        "cxg_copy",
        sa.Column("collection_id", sa.BigInteger, sa.ForeignKey("cxg_collection.id"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
