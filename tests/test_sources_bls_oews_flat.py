"""OEWS flat files, batches and parts, and the exact rules of OEWS pay."""

from decimal import Decimal

import polars as pl
import pytest
from oews import HEAD, LINE, V, flat_file, one_row, said

from pipeline.core.errors import Damaged, LayoutChanged, NotFound, UnknownLabel
from pipeline.sources import bls_oews
from pipeline.sources.bls_oews import oews_flat
from pipeline.sources.shared.oews_rules import broken
from schemas import Claims


@pytest.fixture
def table(tmp_path):
    """Claims of a table of one row, the usual one with some cells changed."""
    return lambda *args, **changed: bls_oews.parse(
        one_row(tmp_path, *args, **changed), V
    )


@pytest.fixture
def flat(tmp_path):
    """The bundled flat snapshot, its body and lists free to change."""
    return lambda *args, **changed: flat_file(tmp_path, *args, **changed)


def test_flat_files_decode_nation_state_metro_and_industry(flat):
    """The code lists beside the data say what a series is about."""
    claims = bls_oews.parse(flat(), V).filter(
        pl.col("soc") == "29-2072",
        pl.col("statistic") == "mean",
        pl.col("period") == "year",
    )
    across = claims.filter(pl.col("industry").is_null())
    for code, level, value in (
        ("US", "national", 56_790),
        ("11", "state", 80_250),
        ("41940", "metro", 97_430),
    ):
        claim = said(across, area_code=code)
        assert (claim["area_level"], claim["value"]) == (level, Decimal(value))
    assert across.filter(pl.col("area_level") == "nonmetro").height > 100
    hospitals = claims.filter(pl.col("industry").str.contains("Hospitals"))
    assert hospitals.height


def test_flat_footnotes_become_availability(flat):
    """4 is not published for the period, 5 is a top code, 8 is not released."""
    series = [b"OEUN000000000000029207208", b"OEUN000000000000029207213"]

    def note(body, number):
        lines = body.split(b"\r\n")
        for i, line in enumerate(lines):
            if line[:25] in series:
                lines[i] = line[:41] + b"           -\t" + number
        return b"\r\n".join(lines)

    for number, state, low in (
        (b"4", "not_available", (None, None)),
        (b"5", "top_coded", (Decimal("115.00"), Decimal(239200))),
        (b"8", "suppressed", (None, None)),
    ):
        claims = bls_oews.parse(flat(lambda b, n=number: note(b, n)), V).filter(
            pl.col("area_code") == "US",
            pl.col("soc") == "29-2072",
            pl.col("industry").is_null(),
            pl.col("statistic") == "median",
        )
        assert claims["availability"].to_list() == [state, state]
        assert tuple(claims["low"]) == low
        assert claims["value"].null_count() == 2


FLAT = {
    "unknown footnote": (LINE + b"9", UnknownLabel, "footnote 9"),
    "number with a note": (LINE + b"8", UnknownLabel, "a number with footnote 8"),
    "dash without": (LINE.replace(b"51140", b"    -"), UnknownLabel, "no footnote"),
    "letters": (LINE.replace(b"51140", b"51l40"), Damaged, "51l40"),
    "no value": (LINE.replace(b"51140", b"     "), Damaged, "neither a number"),
    "data type": (LINE.replace(b"7213 ", b"7218 "), UnknownLabel, "data type 18"),
    "area": (LINE.replace(b"N0000000", b"N0000001"), UnknownLabel, "N0000001"),
    "another year": (LINE.replace(b"2025", b"2024"), Damaged, "says 2024"),
    "a quarter": (LINE.replace(b"A01", b"Q01"), Damaged, "says 2025 Q01"),
    "another prefix": (LINE.replace(b"OEU", b"OES"), Damaged, "OESN"),
    "blank line": (b"", Damaged, "line"),
    "long line": (LINE + b"\t1\t2", Damaged, "line"),
}


@pytest.mark.parametrize(("line", "error", "why"), FLAT.values(), ids=FLAT)
def test_a_flat_line_that_is_not_understood_stops_the_source(flat, line, error, why):
    """Nothing is guessed, and nothing is left out in silence."""

    def change(body: bytes) -> bytes:
        assert body.count(LINE) == 1
        return body.replace(LINE, line)

    with pytest.raises(error, match=why):
        bls_oews.parse(flat(change), V)


def test_a_renamed_flat_column_is_named(flat):
    """In the data file and in a code list."""
    with pytest.raises(LayoutChanged, match="footnote_codes"):
        bls_oews.parse(flat(lambda b: b.replace(b"footnote_codes", b"notes", 1)), V)
    renamed = {"oe.area": lambda b: b.replace(b"area_name", b"area_text", 1)}
    with pytest.raises(LayoutChanged, match="area_name"):
        bls_oews.parse(flat(parts=renamed), V)


def test_code_lists_that_are_missing_or_disagree_are_named(flat):
    """A list that is not there; a footnote with another top code than ours."""
    with pytest.raises(NotFound, match=r"oe\.industry"):
        bls_oews.parse(flat(without=("oe.industry",)), V)
    other = {"oe.footnote": lambda b: b.replace(b"$239,200", b"$249,600")}
    with pytest.raises(UnknownLabel, match="249,600"):
        bls_oews.parse(flat(parts=other), V)


@pytest.mark.slow
def test_batches_of_any_size_give_the_same_claims(flat, monkeypatch):
    """Memory is bounded by the batch, and the result does not show it."""
    whole = bls_oews.parse(flat(), V)
    monkeypatch.setattr(oews_flat, "BYTES", 300_000)
    parts = list(bls_oews.parse_parts(flat(), V))

    assert len(parts) > 3
    assert pl.concat(parts).equals(whole)


@pytest.mark.slow
def test_parts_are_written_whole_or_not_at_all(flat, tmp_path, monkeypatch):
    """A failure leaves what was there; what breaks a rule is beside the claims."""
    monkeypatch.setattr(oews_flat, "BYTES", 300_000)
    folder = tmp_path / "claims"
    written = bls_oews.write_parts(flat(), V, folder)
    first = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert (written.broken, written.set_aside) == (0, 0)
    assert pl.read_parquet(folder / "claims-*.parquet").equals(
        bls_oews.parse(flat(), V)
    )

    bad = flat(lambda b: b.replace(LINE, LINE + b"9"))
    with pytest.raises(UnknownLabel):
        bls_oews.write_parts(bad, V, folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == first
    assert not list(tmp_path.glob(".claims*"))

    slip = flat(lambda b: b.replace(LINE, LINE.replace(b"51140", b"51440")))
    again = bls_oews.write_parts(slip, V, folder)
    assert again.claims + again.set_aside == written.claims
    assert again.set_aside == 2
    beside = pl.read_parquet(folder / "broken.parquet")
    assert beside["rule"].unique().to_list() == ["annual_is_2080_hours"]


RULES = {
    "annual and hourly apart": ("A_MEDIAN", "48800", "annual_is_2080_hours", 2),
    "not a multiple": ("A_MEDIAN", "48781", "annual_multiple", 1),
    "percentiles crossed": ("A_PCT25", "48790", "percentile_order", 2),
}


@pytest.mark.parametrize(("column", "text", "rule", "count"), RULES.values(), ids=RULES)
def test_each_exact_rule_fails_on_its_mutation(table, column, text, rule, count):
    """The sound row breaks none; the mutated cell is among those listed."""
    assert broken(table(), V).height == 0

    found = broken(table({column: text}), V).filter(pl.col("rule") == rule)

    assert found.height == count
    place = f"line=2;col={HEAD.index(column) + 1}"
    reason = found.filter(pl.col("claim_id").str.ends_with(place))["reason"].item()
    assert text in reason


def test_rounding_is_as_wide_as_the_year_has_it(table):
    """15.6 apart was seen until 2020, at most 15.2 since; 1997 is not rounded."""
    apart = {"H_MEDIAN": "23.57", "A_MEDIAN": "49010"}  # 49,025.60 less 15.60
    assert broken(table(apart, edition="2020-05"), V).height == 0
    assert broken(table(apart, edition="2021-05"), V).height == 2
    assert broken(table({"A_MEDIAN": "48781"}, edition="1997"), V).height == 0


def test_a_top_code_is_never_below_and_may_be_overtaken(table):
    """`#` above a figure is in order; a figure above `#` is not."""
    high = {"H_PCT90": "#", "A_PCT90": "#"}
    assert broken(table(high), V).height == 0
    low = {"H_PCT75": "#", "A_PCT75": "#"}
    assert set(broken(table(low), V)["rule"]) == {"percentile_order"}


def test_rules_do_not_depend_on_the_order_of_claims(flat):
    """Cells are found again when their claims are shuffled."""
    slip = flat(lambda b: b.replace(LINE, LINE.replace(b"51140", b"51441")))
    claims = bls_oews.parse(slip, V)
    mixed = claims.sample(fraction=1, shuffle=True, seed=7)

    assert broken(claims, V).height == 3
    assert broken(Claims.validate(mixed), V).equals(broken(claims, V))
