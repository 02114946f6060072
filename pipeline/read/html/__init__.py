"""Read HTML: its text in blocks, its tables, and the data in its scripts."""
