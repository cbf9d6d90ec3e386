"""The web site: a page for every story, topic, provider and day, as static files; only the search has a script."""
