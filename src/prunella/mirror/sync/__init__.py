"""Fills the mirror from an account that exists already."""
