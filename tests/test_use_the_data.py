"""Every example of docs/use-the-data.md, run as a reader would run it."""

import csv
import io
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
import uvicorn
from pages_home import lay_home

from pipeline.core.store import Home
from pipeline.release import run
from pipeline.serve import create_app

pytestmark = [pytest.mark.local, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "use-the-data.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


def examples(language: str) -> list[str]:
    """The blocks of one language; there are some."""
    found = [text for name, text in EXAMPLES if name == language]
    assert found
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A home with a release of a few snapshots, as after the README's first command."""
    patterns = ("bls_oews/2023-*", "bls_oews/2025-*", "article/*")
    home = lay_home(tmp_path_factory.mktemp("checkout"), *patterns)
    assert run.refresh(home).release is not None
    return home.root


@pytest.fixture(scope="module")
def address(checkout):
    """The server, on a port of its own."""
    app = create_app(Home(checkout), per_second=0)
    config = uvicorn.Config(app, port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def test_every_language_is_one_that_is_run_here():
    """An example in another language would be one that nobody tries."""
    assert {name for name, _ in EXAMPLES} == {"python", "sql", "console", "text"}


@pytest.mark.parametrize("code", examples("python"), ids=range(len(examples("python"))))
def test_python_examples_print_rows(code, checkout):
    """In a process of its own, in the folder that holds curated/."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, env=environ, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "48780" in done.stdout or "bls" in done.stdout


@pytest.mark.parametrize("query", examples("sql"), ids=range(len(examples("sql"))))
def test_sql_examples_give_rows(query, checkout):
    """On the release's SQLite file."""
    database = sqlite3.connect(checkout / "curated/latest/payproof.sqlite")
    assert database.execute(query).fetchall()


@pytest.mark.parametrize(
    "command", examples("console"), ids=range(len(examples("console")))
)
def test_http_examples_are_answered(command, address):
    """By curl, where there is one."""
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    words = shlex.split(command.removeprefix("$ ").replace(ADDRESS, address))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if "format=csv" in command:
        assert len(list(csv.DictReader(io.StringIO(done.stdout)))) > 40
        return
    said = json.loads(done.stdout)
    rows = said.get("data") or said.get("figures") or said.get("verdicts")
    assert rows, said


def test_the_spreadsheet_formula_leads_to_rows(address):
    """The address in it gives CSV with a head."""
    (formula,) = examples("text")
    (url,) = re.findall(r'"(.*?)"', formula)
    with urllib.request.urlopen(url.replace(ADDRESS, address)) as answer:
        rows = list(csv.DictReader(io.StringIO(answer.read().decode())))
    assert "48780" in {row["annual"].partition(".")[0] for row in rows}
