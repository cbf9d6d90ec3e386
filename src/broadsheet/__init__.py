"""Broadsheet: a newsroom that runs itself. Start reading at `pipeline.py`."""

__version__ = "0.1.0"
