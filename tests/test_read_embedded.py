"""Data in a page's scripts: pointers, exact characters, and what is passed over."""

from reading import HTML, page

from pipeline.read import locate_datum, read_quotes
from pipeline.read.html.script_data import JSON_TYPES

SCRIPTS = """<title>T</title><p>x</p>
<script type="application/ld+json">{"@type": "Occupation", /* c */
"datePublished": "2024-05-01", "pay": [{"median": "52000", "p~/": 1.50,}]}</script>
<script>var f = {b: function () {}}; window.__S__ = {'a': [1, {b: null}]};</script>
<script type="application/json">{"cut": [1, </script>
<script type="application/json">{"ok": "a\\u00a35"}</script>"""


def test_embedded_data_has_pointers_and_exact_characters():
    """JSON-LD, JSON scripts and assigned literals; what cannot be read is noted."""
    found = page(SCRIPTS)
    data = {(d.script, d.pointer): (d.form, d.value, d.raw) for d in found.data}

    assert data == {
        (0, "/@type"): ("json_ld", "Occupation", "Occupation"),
        (0, "/datePublished"): ("json_ld", "2024-05-01", "2024-05-01"),
        (0, "/pay/0/median"): ("json_ld", "52000", "52000"),
        (0, "/pay/0/p~0~1"): ("json_ld", 1.5, "1.50"),
        (1, "/window.__S__/a/0"): ("json_state", 1, "1"),
        (1, "/window.__S__/a/1/b"): ("json_state", None, "null"),
        (2, "/ok"): ("json_state", "a£5", "a\\u00a35"),
    }
    for d in found.data:
        assert found.scripts[d.script][d.start :].startswith(d.raw)
    assert found.published == "2024-05-01"
    assert len(found.notes) == 1
    assert "script 3" in found.notes[0]
    assert "application/json" in JSON_TYPES


def test_json_that_nests_too_deep_is_noted_and_passed_over():
    """A thousand brackets cost nothing."""
    found = page(f'<p>a</p><script type="application/json">{"[" * 5000}</script>')

    assert found.data == ()
    assert "nested deeper" in found.notes[0]


def test_every_datum_is_found_again_from_the_bytes():
    """Whole, and in part."""
    found = page(SCRIPTS)
    places = [locate_datum(found, d) for d in found.data]
    part = locate_datum(found, found.data[1], 0, 4)

    assert read_quotes(SCRIPTS.encode(), HTML, [*places, part]) == [
        *[d.raw for d in found.data],
        "2024",
    ]
