"""The tables. What they hold is changed by `migrations` alone; a test compares the two."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

_id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts INTEGER PRIMARY KEY alone by itself

# One row per user. Whoever writes for a user locks it first, so their edits come one after the other.
person = Table(
    "cxg_person",
    metadata,
    Column("id", _id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("stored", BigInteger, nullable=False, server_default="0"),  # bytes, history included
)

# What one user wrote about one set of cells under one name.
collection = Table(
    "cxg_collection",
    metadata,
    Column("id", _id, primary_key=True),
    Column("person_id", BigInteger, ForeignKey(person.c.id), nullable=False),
    Column("fingerprint", Text, nullable=False),  # of the obs names
    Column("name", Text, nullable=False),
    Column("version", BigInteger, nullable=False),  # the number of its edits
    Column("tid", BigInteger, nullable=False),  # cellxgene's number of the last save of gene sets
    Column("used", BigInteger, nullable=False),  # the highest one of these cells is the current collection
    UniqueConstraint("person_id", "fingerprint", "name"),
)

# Bytes by their hash: a column that an edit leaves alone is not stored again.
content = Table(
    "cxg_content",
    metadata,
    Column("person_id", BigInteger, ForeignKey(person.c.id), primary_key=True),
    Column("hash", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

annotation = Table(
    "cxg_annotation",
    metadata,
    Column("collection_id", BigInteger, ForeignKey(collection.c.id), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)

gene_set = Table(
    "cxg_gene_set",
    metadata,
    Column("collection_id", BigInteger, ForeignKey(collection.c.id), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("description", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

# One row per edit, with all that the collection held after it.
history = Table(
    "cxg_history",
    metadata,
    Column("id", _id, primary_key=True),
    Column("collection_id", BigInteger, ForeignKey(collection.c.id), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("at", Text, nullable=False),  # ISO 8601, UTC
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("state", Text, nullable=False),  # JSON, see state.py
    UniqueConstraint("collection_id", "version"),
)

# The CSV files that a server keeps in step with a collection, as they were when they last were.
copy = Table(
    "cxg_copy",
    metadata,
    Column("collection_id", BigInteger, ForeignKey(collection.c.id), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("path", Text, nullable=False),
    Column("hash", Text, nullable=False),  # of the bytes of the file
    Column("version", BigInteger, nullable=False),
)

# A view that somebody saved. It is found again by the cells, or by the dataset whose cells have changed.
view = Table(
    "cxg_view",
    metadata,
    Column("id", _id, primary_key=True),
    Column("person_id", BigInteger, ForeignKey(person.c.id), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("dataset", Text, nullable=False),  # id of the snapshot
    Column("revision", BigInteger, nullable=False),  # of the snapshot
    Column("name", Text, nullable=False),
    Column("about", Text, nullable=False),  # what it shows, in a few words
    Column("at", Text, nullable=False),  # ISO 8601, UTC
    Column("state", Text, nullable=False),  # JSON, viewer/src/state/state.ts
    Column("cells", Text, nullable=False),  # JSON: key → packed bitset in base64
    Index("cxg_view_person", "person_id"),
)
