"""Read Markdown and plain text into blocks, line by line."""
