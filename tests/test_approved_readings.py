"""Every field of every figure of the labelled pages is read as it was approved."""

from pathlib import Path

import approved
import pytest


@pytest.mark.parametrize("page", approved.list_pages(), ids=lambda page: page.name)
def test_a_page_is_read_as_it_was_approved(page: Path) -> None:
    """Where the change is meant: `python tests/approved.py`, and look at the diff."""
    kept = approved.find_approved(page)
    assert approved.tell_reading(page) == kept.read_text("utf-8")


def test_what_is_approved_tells_one_field_from_another() -> None:
    """Else a page would pass whatever is read of it."""
    lines = "".join(
        path.read_text("utf-8") for path in approved.APPROVED.rglob("*.readings")
    )
    for name in ("area", "occupation", "statistic", "attributed_to", "basis"):
        assert lines.count(f'"{name}":') > 100
    assert lines.count("set aside") > 100
