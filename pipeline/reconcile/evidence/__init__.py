"""Look up what publishers published themselves, and who has authority on what."""
