"""Quality and heat, the head of each story, and whether readers see it."""
