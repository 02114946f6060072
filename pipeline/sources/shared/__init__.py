"""What several sources share: reading of pages, postings, OEWS cells and their rules."""
