"""Reads the style sheet and the script, which are files: pages have neither inside."""

from importlib.resources import files


def read_style_sheet() -> bytes:
    """Read the bytes of `site.css`."""
    return files("pipeline.site.pages").joinpath("site.css").read_bytes()


def read_script() -> bytes:
    """Read the bytes of `desk.js`, which moves through the queue by keys."""
    return files("pipeline.site.pages").joinpath("desk.js").read_bytes()
