"""Short runs of the machinery that damages files; docs/faults.md says what it does."""

import shutil

from faults import damage_vocabularies


def test_damaged_vocabularies_are_named_by_line_and_column(tmp_path):
    """Each kind once, in files by chance."""
    folder = shutil.copytree(damage_vocabularies.FOLDER, tmp_path / "vocabularies")
    found = damage_vocabularies.run(len(damage_vocabularies.KINDS), 3, folder)
    assert [row for row in found if row[2]] == []
    assert len({kind for _, kind, _ in found}) >= 15


def test_a_damage_that_is_not_named_is_seen(tmp_path, monkeypatch):
    """The machinery fails where the check of vocabularies does."""
    folder = shutil.copytree(damage_vocabularies.FOLDER, tmp_path / "vocabularies")
    monkeypatch.setattr(damage_vocabularies, "check_vocabularies", lambda words: None)
    found = damage_vocabularies.run(2, 3, folder)
    assert [said for *_, said in found] == ["was not found"] * 2
