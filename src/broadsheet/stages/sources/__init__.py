"""What is due, and what is at a source: feeds, sitemaps, archives read into entries; when to ask again."""
