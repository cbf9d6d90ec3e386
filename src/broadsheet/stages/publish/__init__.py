"""Records, API, site, feeds and sitemaps, from one Publication."""
