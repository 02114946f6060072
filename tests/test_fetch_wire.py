"""Over a real wire on this machine: kills, certificates, bombs, and where keys go."""

import gzip
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import record_cassettes
import requests
from record_cassettes import CSV, KEY, SCENES, TABLE, TAGS
from stand_in import Answer, Handler, serving, standing_session
from test_fetch import public

from pipeline.archive.fetch import HttpClient, RequestLimits
from pipeline.archive.fetch_log import LOG
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Refused, TooLarge, Unreachable

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "tests"
CASSETTES = HERE / "cassettes" / "test_fetch"
FILES = [f"https://stats.example/pay{letter}.csv" for letter in "abcd"]
API = "https://stats.example/{}/api"

pytestmark = pytest.mark.local


def visitor(server, **manners) -> HttpClient:
    """A guest of the stand-in."""
    return HttpClient(
        RequestLimits(contact="pay@example.org", pause=0, tries=1, **manners),
        standing_session(server.server_port),
        look_up=public,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
def test_a_recording_is_what_the_script_records(tmp_path, name):
    """Nobody has edited it, and it does not hold the key or a cookie."""
    made = record_cassettes.record(name, tmp_path).read_bytes()
    assert made == (CASSETTES / f"{name}.yaml").read_bytes()
    assert b"canary" not in made
    assert KEY.encode() not in made


def test_every_recording_has_a_scene():
    """None is left over from before."""
    assert {path.stem for path in CASSETTES.glob("*.yaml")} == set(SCENES)


@pytest.fixture
def asking(tmp_path):
    """Start a process that asks the stand-in for files."""
    shutil.copytree(ROOT / "vocabularies", tmp_path / "home" / "vocabularies")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}

    def start(port: int, *urls: str) -> subprocess.Popen[str]:
        where = [str(tmp_path / "home"), str(port), KEY, *urls]
        return subprocess.Popen(
            [sys.executable, str(HERE / "asking.py"), *where], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_where_it_stopped(asking, tmp_path):
    """Killed while the third of four files is asked for: the next run asks for two."""
    scene = {url: [Answer(body=f"table {url}".encode())] for url in FILES}
    archive = Archive(tmp_path / "home" / "raw")
    running: list[subprocess.Popen[str]] = []
    begun = threading.Event()

    def kill(url: str) -> None:
        if url == FILES[2]:
            begun.wait(30)
            running[0].kill()
            running[0].wait(30)

    with serving(scene, told=kill) as server:
        running.append(asking(server.server_port, *FILES))
        begun.set()
        assert running[0].wait(60) < 0
    assert {s.url for s in archive.list_snapshots("example")} == set(FILES[:2])
    assert archive.find_faults() == []
    # What it was writing, had it been killed a moment later.
    left = archive.raw / "example" / f".body.{running[0].pid}-1.tmp"
    left.write_bytes(b"tab")
    with serving(scene) as server:
        done = asking(server.server_port, *FILES)
        out, err = done.communicate(timeout=60)
        asked = [url for _, url, _ in server.asked if not url.endswith("robots.txt")]
    assert done.returncode == 0, err
    assert asked == FILES[2:]
    assert "example: 2 checked: 2 changed" in out
    assert {s.url for s in archive.list_snapshots("example")} == set(FILES)
    assert list(archive.raw.rglob("*.tmp")) == []


KEYED = {
    "ok": Answer(body=b'{"status": "REQUEST_SUCCEEDED"}'),
    "echo": Answer(body=json.dumps({"your key": KEY}).encode()),
    "echo_head": Answer(body=b'{"a": 1}', headers={"ETag": KEY, "Date": KEY}),
    "refused": Answer(403, KEY.encode()),
    "down": Answer(503, KEY.encode()),
    "moved": Answer(307, headers={"Location": f"https://new.example/?k={KEY}"}),
    "cookie": Answer(body=b'{"b": 1}', headers={"Set-Cookie": f"sid={KEY}"}),
}


@pytest.mark.slow
def test_a_key_is_in_nothing_that_a_run_leaves(asking, tmp_path):
    """Cards, bodies, logs, what was put aside, errors, and the wire's own chatter."""
    scene = {API.format(name): [answer] for name, answer in KEYED.items()}
    with serving(scene) as server:
        done = asking(server.server_port, *scene)
        out, err = done.communicate(timeout=60)
        posted = [body.decode() for method, _, body in server.asked if method == "POST"]
    assert done.returncode == 0, err
    assert len(posted) == len(KEYED)
    assert all(json.loads(body)["registrationkey"] == KEY for body in posted)
    assert "7 checked: 2 changed, 1 blocked, 2 held, 2 failed" in out
    assert KEY not in out
    assert "POST /https/stats.example/ok/api" in err  # at its most talkative
    assert KEY not in err
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == LOG for path in left)
    for path in left:
        assert KEY.encode() not in path.read_bytes(), path


def test_a_packed_bomb_is_given_up_at_the_bound():
    """Fifty megabytes of nothing in fifty kilobytes: unpacked piece by piece."""
    bomb = gzip.compress(b"0" * 50_000_000)
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/csv"}
    scene = {CSV: [Answer(body=bomb, headers=headers)]}
    with serving(scene) as server, pytest.raises(TooLarge) as caught:
        visitor(server, size=1_000_000).get("example", CSV, {})
    assert caught.value.size < 2_000_000


def test_a_line_that_breaks_is_worth_another_try():
    """Fewer bytes than the server announced."""
    short = Answer(body=b"a" * 1000, short=400)
    with serving({CSV: [short]}) as server, pytest.raises(Unreachable, match="short"):
        visitor(server).get("example", CSV, {})
    with serving({CSV: [TABLE]}) as server:
        reply = visitor(server).get("example", CSV, TAGS)
        assert reply.body == TABLE.body


def certificate(folder: Path) -> Path:
    """A certificate that nobody vouches for, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "self-signed.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_that_nobody_vouches_for_is_a_refusal(tmp_path):
    """Not retried, not got round; no request reaches the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.scene, server.asked, server.told = {}, [], None
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        session = requests.Session()
        # One of the test's own: ours connect to no address of this machine.
        session.mount("https://", type("Plain", (requests.adapters.HTTPAdapter,), {})())
        guest = HttpClient(RequestLimits(pause=0, tries=1), session)
        with pytest.raises(Refused, match="certificate"):
            guest.get("example", f"https://127.0.0.1:{server.server_port}/a.csv", {})
        server.shutdown()
    assert server.asked == []
