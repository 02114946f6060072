"""A plugin of pytest: which test reaches which line, and how long each takes.

Run with `-p line_map`. LINE_MAP names the file of the answer, LINE_MAP_ROOT the tree,
LINE_MAP_FILES the files (below it, by a line break) whose lines are noted. What a
fixture of a session or module does is noted for every test that asks for it. With
TEST_ORDER, a file of test ids, tests run in that order, whatever conftest.py prefers.
"""

import json
import os
import sys
import threading
from pathlib import Path

import pytest

ROOT = os.environ.get("LINE_MAP_ROOT", "")
WANTED = {
    f"{ROOT}/{name}": name for name in os.environ.get("LINE_MAP_FILES", "").split()
}
lines: dict[str, set[tuple[str, int]]] = {}
took: dict[str, float] = {}
uses: dict[str, list[str]] = {}
passed: set[str] = set()
now: list[set[tuple[str, int]]] = [set()]


def trace(frame, event, arg):
    """Note every line of the wanted files, and look into no other function."""
    name = WANTED.get(frame.f_code.co_filename)
    if name is None:
        return None
    now[-1].add((name, frame.f_lineno))
    return trace_line


def trace_line(frame, event, arg):
    """Note a line."""
    if event == "line":
        now[-1].add((WANTED[frame.f_code.co_filename], frame.f_lineno))
    return trace_line


if WANTED:
    sys.settrace(trace)
    threading.settrace(trace)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the tests into the wanted order."""
    if "TEST_ORDER" in os.environ:
        order = Path(os.environ["TEST_ORDER"]).read_text("utf-8").splitlines()
        place = {name: n for n, name in enumerate(order)}
        last = len(place)
        items.sort(
            key=lambda i: place.get(i.nodeid, place.get(i.nodeid.split("::")[0], last))
        )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Note what a test does as its own."""
    now.append(lines.setdefault(item.nodeid, set()))
    uses[item.nodeid] = [n for n in item.fixturenames if n != "request"]
    try:
        return (yield)
    finally:
        now.pop()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """Note what a fixture of many tests does for all of them."""
    if fixturedef.scope == "function":
        return (yield)
    now.append(lines.setdefault(f"fixture {fixturedef.argname}", set()))
    try:
        return (yield)
    finally:
        now.pop()


def pytest_runtest_logreport(report):
    """Note how long a test took by itself, and whether it passed."""
    if report.when == "call":
        took[report.nodeid] = report.duration
        if report.passed:
            passed.add(report.nodeid)


def pytest_sessionfinish():
    """Write the map."""
    if not WANTED:
        return
    sys.settrace(None)
    found = {
        test: sorted(
            own.union(*(lines.get(f"fixture {name}", ()) for name in uses[test]))
        )
        for test, own in lines.items()
        if test in passed
    }
    known = {name for name, own in lines.items() if name.startswith("fixture ") and own}
    shared = [t for t in found if known & {f"fixture {name}" for name in uses[t]}]
    answer = {"lines": found, "took": took, "shared": shared}
    Path(os.environ["LINE_MAP"]).write_text(json.dumps(answer), "utf-8")
