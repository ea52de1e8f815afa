"""Slow and obvious: what the fast parts are compared with."""
