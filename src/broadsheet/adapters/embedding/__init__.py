"""Language models that come by package, each behind the `Embedder` port; none is ever downloaded by us."""
