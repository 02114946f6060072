"""Record tests/cassettes/test_fetch from a local server that stands for the hosts.

    $ .venv/bin/python tests/record_cassettes.py

Nothing is asked of anybody else. tests/test_fetch_wire.py fails when a
recording is not what this makes, or holds the key.
"""

import io
import json
import re
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import vcr
from stand_in import NOT_FOUND, Answer, Scene, serving, standing_session

from pipeline.archive.fetch import HttpClient, RequestLimits
from pipeline.core.errors import PayproofError
from pipeline.core.model import Request

FOLDER = Path(__file__).resolve().parent / "cassettes" / "test_fetch"
HOST = "https://stats.example"
CSV, ROBOTS = f"{HOST}/pay.csv", f"{HOST}/robots.txt"
XLSX, HTML = f"{HOST}/pay.xlsx", f"{HOST}/coder.html"
API = f"{HOST}/v2/timeseries/data/"
KEY, SETTING = "canary-5e1f0c7b", "EXAMPLE_API_KEY"
ASK_API = Request(
    API, "2025-05", send='{"seriesid": ["OEUN000000000000000000001"]}',
    key_setting=SETTING, key_field="registrationkey", name="batch-1.json",
)  # fmt: skip
TABLE = Answer(
    body=b"occ_code,a_median",
    headers={
        "Content-Type": "text/csv; charset=utf-8",
        "ETag": '"v1"',
        "Last-Modified": "Sat, 01 Jun 2024 00:00:00 GMT",
        "Set-Cookie": "visitor=canary-cookie",
    },
)
TAGS = {
    "If-None-Match": '"v1"',
    "If-Modified-Since": "Sat, 01 Jun 2024 00:00:00 GMT",
}


def moved(to: str, status: int = 302) -> list[Answer]:
    """An answer that leads elsewhere."""
    return [Answer(status, headers={"Location": to})]


def page(text: str) -> list[Answer]:
    """A page in HTML."""
    return [Answer(body=text.encode(), headers={"Content-Type": "text/html"})]


def plain(text: str, status: int = 200) -> list[Answer]:
    """A text, as robots.txt and flat files are served."""
    return [Answer(status, text.encode(), {"Content-Type": "text/plain"})]


def said(**fields: object) -> list[Answer]:
    """An answer of the API."""
    body = json.dumps(fields).encode()
    return [Answer(body=body, headers={"Content-Type": "application/json"})]


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of these members, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2024, 5, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def workbook(xml: bytes) -> list[Answer]:
    """A workbook whose one part is this XML."""
    return [Answer(body=zipped({"xl/workbook.xml": xml}))]


FLAT = (f"{HOST}/oe.data.0.Current", f"{HOST}/oe.area")
SERIES = "series_id\tyear\n"
WALL = "<title>Sign in | Stats</title><p>Please sign in to continue."
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
SCENES: dict[str, Scene] = {
    "ok": {CSV: [TABLE]},
    "moved": {
        ROBOTS: plain("User-agent: *"),
        CSV: moved("https://new.example/2024/pay.csv", 301),
        "https://new.example/2024/pay.csv": [TABLE],
    },
    "not_modified": {CSV: [Answer(304, headers={"ETag": '"v1"'})]},
    "gone": {CSV: [Answer(410, b"Gone", {"Content-Type": "text/html"})]},
    "not_found": {CSV: [NOT_FOUND]},
    "forbidden": {CSV: [Answer(403, b"Access Denied")]},
    "down": {CSV: [Answer(503)]},
    "throttled": {CSV: [Answer(429, headers={"Retry-After": "7"}), TABLE]},
    "throttled_for_long": {CSV: [Answer(429, headers={"Retry-After": "86400"})]},
    "robots_disallow": {
        ROBOTS: plain("User-agent: payproof\nDisallow: /pay\n\nUser-agent: *\nAllow: /")
    },
    "robots_down": {ROBOTS: [Answer(500)]},
    "robots_slow": {ROBOTS: plain("User-agent: *\nCrawl-delay: 9"), CSV: [TABLE]},
    "html_for_a_workbook": {XLSX: page("<!DOCTYPE html><title>Sorry</title>")},
    "truncated": {CSV: [TABLE]},
    "moved_in_circles": {CSV: moved("/pay.csv")},
    "moved_inside": {CSV: moved("http://127.0.0.1/pay.csv")},
    "moved_inside_by_name": {CSV: moved("https://intranet.example/pay.csv")},
    "moved_inside_by_number": {CSV: moved("https://2130706433/pay.csv")},
    "moved_to_a_file": {CSV: moved("file:///etc/passwd")},
    "moved_to_disallowed": {
        CSV: moved("https://new.example/pay.csv", 301),
        "https://new.example/robots.txt": plain("User-agent: *\nDisallow: /"),
    },
    "moved_to_login": {
        HTML: moved("/login?next=coder"),
        f"{HOST}/login?next=coder": page("<title>Stats</title><p>Password"),
    },
    "parts": {FLAT[0]: plain(SERIES), FLAT[1]: plain("area_code\n")},
    "parts_html": {FLAT[0]: plain(SERIES), FLAT[1]: page("<html>Access Denied</html>")},
    "empty": {CSV: [Answer(headers={"Content-Type": "text/csv"})]},
    "login_wall": {HTML: page(WALL)},
    "error_page": {HTML: page("<title>Page not found</title><p>It has moved.")},
    "bot_check": {HTML: page("<title>Just a moment...</title><p>Checking.")},
    "zip_cut": {f"{HOST}/oesm.zip": [Answer(body=zipped({"a.csv": b"x" * 999})[:-40])]},
    "zip_bomb": {XLSX: [Answer(body=zipped({"xl/workbook.xml": b"0" * 5_000_000}))]},
    "entities": {XLSX: workbook(DOCTYPE)},
    "pdf_for_a_page": {HTML: page("%PDF-1.7 not a page")},
    "page_for_a_table": {CSV: plain('{"error": "sorry"}')},
    "key": {API: said(status="REQUEST_SUCCEEDED", Results={"series": []})},
    "key_moved": {API: moved("https://new.example/v3/", 307)},
    "quota": {
        API: said(
            status="REQUEST_NOT_PROCESSED",
            message=["Request could not be serviced, as the daily threshold for "
                     "total number of requests allocated to the user has been reached"],
        )
    },
}  # fmt: skip


def restored(request):
    """A request as it would have gone to the real host, without key or agent."""
    if found := re.match(r"http://127\.0\.0\.1:\d+/(https?)/(.*)", request.uri):
        request.uri = f"{found[1]}://{found[2]}"
    kept = {n: v for n, v in request.headers.items() if n in TAGS}
    request.headers = kept
    if request.body:
        fields = json.loads(request.body)
        fields.pop("registrationkey", None)
        request.body = json.dumps(fields).encode()
    return request


def cleaned(response):
    """An answer without cookies."""
    headers = response["headers"]
    response["headers"] = {n: v for n, v in headers.items() if n != "Set-Cookie"}
    return response


def cut(response):
    """An answer whose body the line cut short."""
    response = cleaned(response)
    if response["status"]["code"] == 200:
        whole = response["body"]["string"]
        response["body"] = {"string": whole[: len(whole) // 2]}
    return response


def record(name: str, folder: Path) -> Path:
    """Play one scene and keep what went over the wire."""
    path = folder / f"{name}.yaml"
    path.unlink(missing_ok=True)
    recorder = vcr.VCR(
        record_mode="all",
        before_record_request=restored,
        before_record_response=cut if name == "truncated" else cleaned,
        decode_compressed_response=False,
    )
    scene = SCENES[name]
    first = next(url for url in scene if not url.endswith("robots.txt")) if any(
        not url.endswith("robots.txt") for url in scene) else CSV  # fmt: skip
    with serving(scene) as server, recorder.use_cassette(path):
        visitor = HttpClient(
            RequestLimits(contact="pay@example.org", hops=5),
            standing_session(server.server_port),
            sleep=lambda _: None,
            look_up=lambda _: ["93.184.215.14"],
        )
        fields = {**json.loads(ASK_API.send), "registrationkey": KEY}
        send = json.dumps(fields).encode() if first == API else b""
        conditions = TAGS if name == "not_modified" else {}
        for _ in range(3 if name == "truncated" else 1):
            with suppress(PayproofError):
                visitor.get("example", first, conditions, send)
                if name.startswith("parts"):
                    visitor.get("example", FLAT[1], {})
    return path


def main(folder: Path = FOLDER) -> None:
    """Record every scene."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCENES:
        record(name, folder)
        print(name, file=sys.stderr)


if __name__ == "__main__":
    main()
