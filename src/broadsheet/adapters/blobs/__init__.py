"""Bytes by name on a file system."""
