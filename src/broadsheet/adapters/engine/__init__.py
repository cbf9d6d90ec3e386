"""How work is spread: inline or over threads."""
