"""Asking a source: one reader a kind. `steps/poll.py` chooses among them."""
