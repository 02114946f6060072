"""Sources that are pages: their facts, their figures, and pages that changed."""

import hashlib
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import open_vocabulary
from pipeline.read import read_quotes
from pipeline.sources import SOURCES, import_source

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
PUBLISHERS = ("aapc_survey", "glassdoor", "payscale", "salary_com")


def kept(source: str) -> Snapshot:
    """The bundled snapshot of a source."""
    return Archive(ROOT / "raw").list_snapshots(source)[0]


def changed(source: str, tmp_path: Path, *replacements: tuple[str, str]) -> Snapshot:
    """The bundled page of a source with some of its words replaced."""
    original = kept(source)
    text = original.path.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    path = tmp_path / original.path.name
    path.write_text(text, encoding="utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Snapshot(
        source, "2024", sha256, path, original.media_type, "made", "2026-11-01"
    )


def parsed(snapshot: Snapshot) -> pl.DataFrame:
    """Claims of a snapshot, by its own module."""
    return import_source(snapshot.source).parse(snapshot, WORDS)


def figures(claims: pl.DataFrame, *fields: str) -> set[tuple]:
    """Pay levels as tuples of whole dollars and the fields asked for."""
    levels = claims.filter(pl.col("kind") == "pay_level")
    whole = pl.col("value").cast(pl.Int64)
    return set(levels.select(whole, *fields).iter_rows())


@pytest.mark.parametrize("source_id", [*PUBLISHERS, "article"])
def test_every_claim_points_at_its_quote(source_id: str):
    """The stored bytes hold each quote at its place; ids stand once."""
    for snapshot in Archive(ROOT / "raw").list_snapshots(source_id):
        claims = parsed(snapshot)
        fewest, most = SOURCES[source_id].rows
        assert fewest <= claims.height <= most
        found = read_quotes(
            snapshot.read_body(), snapshot.media_type, claims["locator"].to_list()
        )
        assert list(found) == claims["quote"].to_list()


@pytest.mark.parametrize("source_id", PUBLISHERS)
def test_a_publishers_own_page_names_nobody_else(source_id: str):
    """Its name on its own figures is no attribution."""
    claims = parsed(kept(source_id))
    levels = claims.filter(pl.col("kind") == "pay_level")
    assert levels["attributed_to"].null_count() == levels.height


def test_payscale_gives_base_pay_by_percentile():
    """The embedded data have what the words leave out."""
    claims = parsed(kept("payscale"))
    state = claims.filter(pl.col("structure") == "json_state")
    assert figures(state, "statistic", "pay_basis", "period", "occupation") == {
        (37000, "p10", "base", "year", "Medical Coder"),
        (51698, "mean", "base", "year", "Medical Coder"),
        (72000, "p90", "base", "year", "Medical Coder"),
    }
    words = claims.filter(pl.col("structure") != "json_state")
    assert (51698, "mean", "base") in figures(words, "statistic", "pay_basis")


def test_glassdoor_gives_base_and_total_pay_apart(tmp_path):
    """A page with both never mixes them; percentiles come by name."""
    total = (
        '"totalPayStatistics":{"percentiles":[{"ident":"P90","value":71000.5}],'
        '"mean":58000}'
    )
    page = changed("glassdoor", tmp_path, ('"mean":54890}', '"mean":54890},' + total))
    state = parsed(page).filter(pl.col("structure") == "json_state")
    rows = set(state.select("value", "statistic", "pay_basis", "period").iter_rows())
    assert rows == {
        (Decimal("54890.00"), "mean", "base", "year"),
        (Decimal("58000.00"), "mean", "total", "year"),
        (Decimal("71000.50"), "p90", "total", "year"),
    }


def test_older_glassdoor_pages_do_not_say_base_or_total(tmp_path):
    """`payPercentile50` beside `payPeriod` is a median of unspecified pay."""
    older = '"payPercentile10":null,"payPercentile50":26.5,"payPercentile90":35'
    page = changed(
        "glassdoor",
        tmp_path,
        ('"basePayStatistics":{"percentiles":[],"mean":54890}', older),
        ('"ANNUAL"', '"HOURLY"'),
    )
    state = parsed(page).filter(pl.col("structure") == "json_state")
    rows = set(state.select("value", "statistic", "pay_basis", "period").iter_rows())
    assert rows == {
        (Decimal("26.50"), "median", "unspecified", "hour"),
        (Decimal("35.00"), "p90", "unspecified", "hour"),
    }


def test_salary_com_gives_percentiles_of_base_pay():
    """Words, table and JSON-LD agree, and all are base pay."""
    claims = parsed(kept("salary_com"))
    levels = claims.filter(pl.col("kind") == "pay_level")
    table = levels.filter(pl.col("structure") == "table")
    linked = levels.filter(pl.col("structure") == "json_ld")
    three = {(53674, "p25"), (61003, "median"), (69963, "p75")}
    assert figures(table, "statistic") == three
    assert figures(linked, "statistic") == three
    assert set(levels["pay_basis"]) == {"base"}


def test_the_aapc_survey_is_by_credential_and_by_their_number():
    """Two ways to count the same members, kept apart."""
    claims = parsed(kept("aapc_survey"))
    by_credential = claims.filter(pl.col("credential_count").is_null())
    rows = figures(by_credential, "credential", "statistic")
    assert {
        (63095, "CPC", "mean"),
        (71118, "COC", "mean"),
        (81034, "CIC", "mean"),
        (74013, "CRC", "mean"),
        (82367, "CPMA", "mean"),
    } <= rows
    counted = claims.filter(pl.col("credential_count").is_not_null())
    assert figures(counted, "credential_count") == {
        (62110, "1"),
        (71535, "2"),
        (79933, "3+"),
    }
    levels = claims.filter(pl.col("kind") == "pay_level")
    assert levels["occupation"].null_count() == 0


@pytest.mark.parametrize(
    ("source_id", "replacements", "named"),
    [
        ("payscale", [('"compensation"', '"pay"')], "compensation"),
        ("payscale", [('"10":37000', '"p10":37000')], "salary/p10"),
        ("glassdoor", [('"basePayStatistics"', '"stats"')], "basePayStatistics"),
        ("glassdoor", [('"ANNUAL"', '"FORTNIGHTLY"')], "FORTNIGHTLY"),
        (
            "salary_com",
            [
                ('"median"', '"middle"'),
                ('"P1Y"', '"Y1M"'),
            ],
            "'Y1M', 'middle'",
        ),
    ],
)
def test_a_page_that_changed_stops_its_source(
    source_id: str, replacements: list[tuple[str, str]], named: str, tmp_path: Path
):
    """What is missing or new is named, with the module to teach."""
    page = changed(source_id, tmp_path, *replacements)
    with pytest.raises(LayoutChanged, match=named) as caught:
        parsed(page)
    assert f"pipeline/sources/{source_id}.py" in str(caught.value)


def test_bundled_articles_quote_whom_the_guides_quote():
    """Each publisher's figures come in under its name, the page's own under none."""
    claims = pl.concat(
        [parsed(s) for s in Archive(ROOT / "raw").list_snapshots("article")]
    )
    named = set(claims["attributed_to"].drop_nulls())
    assert {"BLS", "AAPC", "Salary.com", "Payscale", "Glassdoor"} <= named
    bls = figures(claims.filter(pl.col("attributed_to") == "BLS"), "statistic")
    assert {(48780, "median"), (35010, "p10"), (80090, "p90"), (73350, "mean")} <= bls
