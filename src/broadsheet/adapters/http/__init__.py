"""The one door: the guarded live client, and a replay of what was once fetched."""
