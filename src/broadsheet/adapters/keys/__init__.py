"""Where the keys of sealed payloads lie."""
