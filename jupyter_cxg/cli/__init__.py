"""The command ``jupyter cxg``."""
