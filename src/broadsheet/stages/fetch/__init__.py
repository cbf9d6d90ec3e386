"""Bytes, politely and safely: robots.txt, per-host order, which entries to fetch."""
