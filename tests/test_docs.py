"""What is written is so: generated pages, commands, README."""

import importlib.util
import re
from pathlib import Path

import pytest
from typer.main import get_command

from pipeline.cli import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def generator():
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "page", ["tables.md", "commands.md", "sources.md", "glossary.md"]
)
def test_generated_pages_are_what_the_code_says(page):
    """Run `.venv/bin/python docs/generate.py` after a change."""
    assert (ROOT / "docs" / page).read_text("utf-8") == generator().pages()[page]


def test_every_column_is_described_or_a_closed_list():
    """A reader of curated/ finds every column explained."""
    text = generator().tables()
    bare = [line for line in text.splitlines() if re.match(r"\| `.*\|  \|$", line)]
    assert bare == []


def test_every_source_has_a_section_with_its_licence_and_its_cadence():
    """A reader finds whose figures they are and what may be done with them."""
    text = generator().sources()
    for section in text.split("\n## ")[1:]:
        for fact in ("publisher", "licence", "cadence", "population", "rows"):
            assert f"\n| {fact} | " in section, (section[:40], fact)


def test_every_command_has_help_and_is_in_the_readme_or_the_docs():
    """A command that nobody can find does not exist."""
    docs = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for name, command in get_command(app).commands.items():
        assert command.help, name
        assert f"## {name}\n" in docs


def test_every_link_in_the_docs_leads_somewhere():
    """Relative links of README and docs point at files that exist."""
    for page in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


RELEASE = re.compile(r"\b\d{4}-\d\d-\d\d-[0-9a-f]{8}\b")


def test_the_readme_names_no_release_by_its_digest():
    """Every change of the code makes another one; `…` stands for all of them."""
    assert RELEASE.findall(README) == []
    assert "2026-11-01-…" in README
    aged = README.replace("2026-11-01-…", "2026-11-01-456a0f5a")
    assert set(RELEASE.findall(aged)) == {"2026-11-01-456a0f5a"}


def test_the_map_in_the_docs_is_the_map_in_the_code():
    """docs/architecture.md repeats the layers of pipeline/__init__.py."""
    code = (ROOT / "pipeline" / "__init__.py").read_text("utf-8")
    layers = " ".join(code.partition("point down only:")[2].rstrip('"\n').split())
    docs = " ".join((ROOT / "docs" / "architecture.md").read_text("utf-8").split())
    assert layers in docs
