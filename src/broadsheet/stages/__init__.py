"""The stages, in the order of the way of the data; a stage imports no other stage."""
