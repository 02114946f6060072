"""How fast pages become claims, on made pages, beside peers in the same run."""
