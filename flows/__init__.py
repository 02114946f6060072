"""Prefect, and nothing but."""
