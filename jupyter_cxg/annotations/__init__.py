"""What users write: annotations of cells and gene sets, in SQLite or PostgreSQL."""
