"""Records as files: read and written byte for byte in the origin's form, checked with line, key and reason."""
