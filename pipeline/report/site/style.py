"""The one style sheet, served as a file: pages carry no style of their own."""

from importlib.resources import files


def style() -> bytes:
    """The bytes of `site.css`."""
    return files("pipeline.report.site").joinpath("site.css").read_bytes()


def script() -> bytes:
    """The bytes of `desk.js`: keys for the queue, and nothing else."""
    return files("pipeline.report.site").joinpath("desk.js").read_bytes()
