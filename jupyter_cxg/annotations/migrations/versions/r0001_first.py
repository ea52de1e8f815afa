"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "cxg_person",
        sa.Column("id", _id, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "cxg_collection",
        sa.Column("id", _id, primary_key=True),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("cxg_person.id"), nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("tid", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("person_id", "fingerprint", "name"),
    )
    op.create_table(
        "cxg_content",
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("cxg_person.id"), primary_key=True),
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "cxg_annotation",
        sa.Column("collection_id", sa.BigInteger, sa.ForeignKey("cxg_collection.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "cxg_gene_set",
        sa.Column("collection_id", sa.BigInteger, sa.ForeignKey("cxg_collection.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "cxg_history",
        sa.Column("id", _id, primary_key=True),
        sa.Column("collection_id", sa.BigInteger, sa.ForeignKey("cxg_collection.id"), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.UniqueConstraint("collection_id", "version"),
    )
