"""Read JSON files, JSON lines and literals in scripts, scalar by scalar."""
