"""What several sources share: readers of pages, postings and cells, and their rules."""
