"""The built publication, served on localhost."""
