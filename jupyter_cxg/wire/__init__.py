"""Columns as bytes: one row of a table per encoding, chosen by ``Accept``."""

from .negotiate import Encoding, negotiate

__all__ = ["Encoding", "negotiate"]
