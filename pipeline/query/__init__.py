"""Answer questions about a published release: check, explain, compare."""
