"""The newsletter, as pure functions: which stories go in, how it is worded, rendered, filed, checked, and put into
mail."""
