"""What tests share: made once, by whoever comes first, and never half made."""

import threading

import pytest
from once import claim_once, make_once


def test_two_at_once_make_one(tmp_path):
    """The second waits, and takes what the first has made."""
    begun, go_on, made = threading.Event(), threading.Event(), []

    def make(folder):
        made.append(folder)
        begun.set()
        assert go_on.wait(60)
        (folder / "whole").touch()

    found = []

    def ask():
        found.append(make_once(tmp_path, "home", make))

    both = [threading.Thread(target=ask) for _ in range(2)]
    both[0].start()
    assert begun.wait(60)
    both[1].start()
    go_on.set()
    for one in both:
        one.join(60)
    assert len(made) == 1
    assert found == [tmp_path / "home"] * 2
    assert (tmp_path / "home" / "whole").exists()


def test_what_failed_half_made_is_made_anew(tmp_path):
    """An error is the asker's; the next one starts from nothing."""

    def fail(folder):
        (folder / "half").touch()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        make_once(tmp_path, "home", fail)
    assert not (tmp_path / "home").exists()
    made = make_once(tmp_path, "home", lambda folder: (folder / "whole").touch())
    assert [path.name for path in made.iterdir()] == ["whole"]


def test_what_may_happen_once_is_refused_twice(tmp_path):
    """By name: a second server of Prefect's is an error, not a slow run."""
    claim_once(tmp_path, "prefect")
    claim_once(tmp_path, "other")
    with pytest.raises(AssertionError, match="prefect: a second time"):
        claim_once(tmp_path, "prefect")
