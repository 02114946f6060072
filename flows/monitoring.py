"""Show an operator the sources: limits per host, alarms, assets, artifacts."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from prefect import get_client, get_run_logger
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.assets import Asset, AssetProperties
from prefect.concurrency.sync import concurrency
from prefect.events import emit_event

from pipeline.archive import collect_due
from pipeline.archive.freshness import SourceStatus, list_statuses
from pipeline.core.model import Source
from pipeline.core.store import Home
from pipeline.release import run
from pipeline.sources import SOURCES

# Tasks of ours that ask one host at a time. Each keeps the pauses that the host wants
# between its own requests alone, so that two would ask twice as often.
TASKS_PER_HOST = 1
ALARM_STATES = ("blocked", "stale")
# Where people open the pages; `{release}` in it becomes the name of the release.
PAGES_URL = "PAYPROOF_PAGES_URL"
CURATED_ASSET = Asset(
    key="payproof://curated",
    properties=AssetProperties(
        name="curated", description="Releases: settled pay, with its evidence."
    ),
)


def make_raw_asset(source: str) -> Asset:
    """Make the asset of a source's stored pages and files."""
    facts: Source = SOURCES[source]
    properties = AssetProperties(
        name=f"raw/{source}",
        url=facts.homepage or None,
        description=f"{facts.title} ({facts.publisher}). {facts.licence}",
    )
    return Asset(key=f"payproof://raw/{source}", properties=properties)


def name_host_limit(host: str) -> str:
    """Name the limit of a host."""
    return f"host-{host}"


def create_host_limits(home: Home, sources: Sequence[str]) -> None:
    """Make a limit for each host that is going to be asked, where there is none."""
    hosts = {
        host for source in sources for host in collect_due.list_hosts(home, source)
    }
    if not hosts:
        return
    with get_client(sync_client=True) as client:
        for host in sorted(hosts):
            client.upsert_global_concurrency_limit_by_name(
                name_host_limit(host), TASKS_PER_HOST
            )


@contextmanager
def hold_host_limits(home: Home, source: str) -> Iterator[None]:
    """Hold the source's hosts, once no other task of ours asks them."""
    names = [name_host_limit(host) for host in collect_due.list_hosts(home, source)]
    if not names:
        yield
        return
    # strict: without it a limit that is not there would be no limit, in silence.
    with concurrency(names, occupy=1, strict=True):
        yield


def emit_alarms(found: Sequence[SourceStatus]) -> None:
    """Emit an event for each source that is blocked or stale.

    An automation may send mail on `payproof.source.stale` or `…blocked`
    (docs/operate.md).
    """
    for one in found:
        if one.state in ALARM_STATES:
            emit_event(
                f"payproof.source.{one.state}",
                resource={
                    "prefect.resource.id": f"payproof.source.{one.source}",
                    "prefect.resource.name": SOURCES[one.source].title,
                },
                payload={
                    "reasons": list(one.reasons),
                    "checked": one.checked,
                    "effective": one.effective,
                    "to do": one.remedy,
                },
            )


def emit_failures(outcome: run.RefreshOutcome) -> None:
    """Emit an event for each source that could not be had or read in this run.

    An automation may act on `payproof.source.failed` (docs/operate.md). It comes with
    each run until there is nothing left to look at.
    """
    for source, errors in group_errors(outcome).items():
        facts = SOURCES.get(source)
        emit_event(
            "payproof.source.failed",
            resource={
                "prefect.resource.id": f"payproof.source.{source}",
                "prefect.resource.name": facts.title if facts else source,
            },
            payload={"errors": errors},
        )


def group_errors(outcome: run.RefreshOutcome) -> dict[str, list[str]]:
    """Return id to what must be looked at, of the sources that failed, sorted."""
    wrong = {one.source: [*one.errors] for one in outcome.asked}
    for done in outcome.ingested:
        wrong.setdefault(done.source, []).extend(done.errors)
    return {source: wrong[source] for source in sorted(wrong) if wrong[source]}


def emit_failed_assets(sources: Iterable[str]) -> None:
    """Emit that the assets of sources were not materialized, where no task does.

    A run in which nothing changed reads no source, and one may have failed in it.
    """
    for source in sorted(set(sources) & set(SOURCES)):
        asset = make_raw_asset(source)
        emit_event(
            "prefect.asset.materialization.failed",
            resource={
                "prefect.resource.id": asset.key,
                "prefect.resource.name": f"raw/{source}",
            },
        )


def publish_artifacts(home: Home, outcome: run.RefreshOutcome) -> None:
    """Publish a table of the sources and the release's report; emit alarms.

    Args:
        home: Where the sources are.
        outcome: Of the refresh.
    """
    found = {one.source: one for one in list_statuses(home, collect_due.utc_now()[:10])}
    ingested = {one.source: one for one in outcome.ingested}
    brought = {one.source: one.to_lines() for one in outcome.asked}
    rows: list[dict[str, Any]] = [
        {
            "source": source,
            **_describe_dates(found.get(source)),
            "snapshots": ingested[source].snapshots if source in ingested else 0,
            "claims": ingested[source].claims if source in ingested else 0,
            "asked": "; ".join(brought.get(source, [])),
            "to look at": "; ".join(
                _list_problems(ingested.get(source), found.get(source))
            ),
            "page": SOURCES[source].homepage if source in SOURCES else "",
        }
        for source in sorted({*found, *ingested})
    ]
    create_table_artifact(rows, key="sources", description="What came of each source")
    if outcome.release is not None:
        release = outcome.release
        report = (release.folder / "report.md").read_text("utf-8")
        create_markdown_artifact(report, key="report", description=outcome.failure)
        if address := find_address(release.name):
            create_link_artifact(address, key="page", link_text=release.name)
    emit_alarms(list(found.values()))
    emit_failures(outcome)


def find_address(release: str) -> str:
    """Find the address at which people open a release; "" where none is set.

    A path of this machine is none: a browser elsewhere, and most here, opens none.
    """
    said = os.environ.get(PAGES_URL, "").strip()
    parts = urlsplit(said)
    if parts.scheme in ("http", "https") and parts.netloc:
        return said.replace("{release}", quote(release))
    if said:
        get_run_logger().warning(
            "%s is no http or https address, so there is no link: %s", PAGES_URL, said
        )
    return ""


def _describe_dates(one: SourceStatus | None) -> dict[str, str]:
    """Describe state and dates of a source; empty for a folder without a module."""
    if one is None:
        return {"state": "unknown", "effective": "", "checked": "", "changed": ""}
    return {
        "state": one.state,
        "effective": one.effective,
        "checked": one.checked,
        "changed": one.changed,
    }


def _list_problems(
    done: run.IngestResult | None, one: SourceStatus | None
) -> list[str]:
    """List what a person must look at."""
    sentences = [*done.errors, *done.notes] if done else []
    return [*sentences, *(one.reasons if one and one.state in ALARM_STATES else ())]
