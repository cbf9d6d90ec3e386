"""Channels on which stories are announced; all that they send goes through the `Http` port."""
