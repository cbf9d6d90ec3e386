"""Formats of the outside world that more than one stage reads: instants, URLs, markup, charsets, YAML, WARC."""
