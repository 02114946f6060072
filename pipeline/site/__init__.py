"""A release as pages for people: the report, the analyst's pages, the static site."""
