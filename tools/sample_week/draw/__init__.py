"""Draws the pictures and logos of the sample week."""
