"""The one style sheet, served as a file: pages carry no style of their own."""

from importlib.resources import files


def read_style_sheet() -> bytes:
    """The bytes of `site.css`."""
    return files("pipeline.site.pages").joinpath("site.css").read_bytes()


def read_script() -> bytes:
    """The bytes of `desk.js`: keys for the queue, and nothing else."""
    return files("pipeline.site.pages").joinpath("desk.js").read_bytes()
