"""The composition root: settings in, filled ports out. Alone in importing concrete adapters.

A module for each purpose, so that a command loads only what it uses: printing needs no network, the network no store.
"""
