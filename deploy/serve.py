"""`make serve`: the whole site on this machine. PostgreSQL, the change of its tables, two replicas of the app, nginx with TLS.

For trying it and for tests; what it starts is what stands in the other files of this folder. Everything lies below one folder
(build/serve), listens on the loopback address, and ends with this program. Needs nginx, openssl and PostgreSQL from Debian.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import string
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
#: seconds until something answers
PATIENCE = 60.0
_ENDED = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@dataclass
class Replica:
    """One process of the app. `start` again after `kill`: the same port, the same settings."""

    name: str
    port: int
    metrics: int
    folder: Path
    settings: Mapping[str, str]
    process: subprocess.Popen | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port),
                   "--server.address", "127.0.0.1", "--server.headless", "true"]
        env = {**os.environ, **self.settings, "SANDTABLE_METRICS_PORT": str(self.metrics)}
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)

    def ready(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/readyz", timeout=2) as answer:
            return answer.status == 200
        return False

    def kill(self) -> None:
        """As a machine kills it: without a word."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            self.kill()


@dataclass(frozen=True)
class Site:
    """A site that runs. address: where people go; certificate: what to trust."""

    address: str
    certificate: Path
    replicas: tuple[Replica, ...]
    folder: Path


@contextmanager
def site(folder: Path, database: str = "", port: int = 0, settings: Mapping[str, str] | None = None) -> Iterator[Site]:
    """The site as long as it is used. database: an address to use instead of a PostgreSQL of its own, migrated already or not.

    port: of nginx; 0 takes a free one. settings: of the replicas, beside ours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as ends:
        if database:
            _migrate(database)
        else:
            database = ends.enter_context(_postgres(folder / "postgres"))
        port, secret = port or free_port(), os.urandom(24).hex()
        ours = {"SANDTABLE_DB": database, "SANDTABLE_MIGRATE": "no", "SANDTABLE_LOG": "json", "SANDTABLE_WARM": "yes",
                "STREAMLIT_SERVER_COOKIE_SECRET": secret, "STREAMLIT_BROWSER_SERVER_ADDRESS": "localhost", **(settings or {})}
        replicas = tuple(Replica(name, free_port(), free_port(), folder, ours) for name in ("first", "second"))
        for replica in replicas:
            replica.start()
            ends.callback(replica.stop)
        for replica in replicas:
            _until(replica.ready, f"the {replica.name} replica: {folder / replica.name}.log")
        certificate = ends.enter_context(_nginx(folder / "nginx", port, replicas))
        yield Site(f"https://localhost:{port}", certificate, replicas, folder)


# --- its parts ---------------------------------------------------------------------------------------------------------

@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own, its tables made by their owner; its address for the app's account."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise SystemExit("No PostgreSQL here: apt-get install postgresql")
    tools, port, fresh = found[-1].parent, free_port(), not (folder / "data").exists()
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:  # it refuses to run as root
        shutil.chown(folder, "postgres")
        for above in folder.resolve().parents:
            above.chmod(above.stat().st_mode | 0o011)
    as_it = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    words = {**os.environ, "OWNER_WORD": "owner", "APP_WORD": "app"}

    def run(*command: str | Path) -> None:
        subprocess.run([*as_it, *map(str, command)], check=True, cwd=folder, env=words, **_ENDED)
    if fresh:
        run(tools / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
    run(tools / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
    try:
        place = ("-h", "127.0.0.1", "-p", str(port), "-q")
        if fresh:
            run(tools / "psql", *place, "-U", "postgres", "-f", _readable(HERE / "accounts.sql", folder))
        owner, app = (f"postgresql://sandtable_{who}:{who}@127.0.0.1:{port}/sandtable" for who in ("owner", "app"))
        _migrate(owner)
        run(tools / "psql", *place, "-U", "sandtable_owner", "-d", "sandtable", "-f",
            _readable(HERE / "after-migrate.sql", folder))
        yield app
    finally:
        run(tools / "pg_ctl", "-D", folder / "data", "-m", "fast", "stop")


def _readable(file: Path, folder: Path) -> Path:
    """A copy that the account of PostgreSQL may read, wherever the project lies."""
    copy = Path(shutil.copy(file, folder))
    copy.chmod(0o644)
    return copy


def _migrate(url: str) -> None:
    """The step of its own, with the account that may."""
    subprocess.run([sys.executable, "-m", "model", "migrate", "--url", url], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


@contextmanager
def _nginx(folder: Path, port: int, replicas: tuple[Replica, ...]) -> Iterator[Path]:
    """nginx on the configuration of this folder, with a certificate that it signs itself; where that lies."""
    if not shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        raise SystemExit("No nginx here: apt-get install nginx-light")
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key, config = folder / "certificate.pem", folder / "key.pem", folder / "nginx.conf"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    signed = ["-subj", "/CN=localhost", "-addext", names, "-keyout", key, "-out", certificate]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", *signed], check=True, **_ENDED)
    filled = string.Template((HERE / "nginx.conf").read_text()).safe_substitute(
        run=folder, mime="/etc/nginx/mime.types", first=f"127.0.0.1:{replicas[0].port}", second=f"127.0.0.1:{replicas[1].port}",
        plain=f"127.0.0.1:{free_port()}", secure=f"127.0.0.1:{port}", port=str(port), name="localhost", certificate=certificate,
        key=key, user="user root;" if os.getuid() == 0 else "")  # else its workers may not enter the folder
    config.write_text(filled)
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-p", folder, "-e", folder / "nginx-error.log", "-c", config]
    with subprocess.Popen([*map(str, command), "-g", "daemon off;"], **_ENDED) as process:
        try:
            _until(lambda: _listens(port) or process.poll() is not None, "nginx")
            if process.poll() is not None:
                raise SystemExit(f"nginx did not start: {folder / 'nginx-error.log'}")
            yield certificate
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _until(holds, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"No answer after {PATIENCE:g} seconds: {what}")
        time.sleep(0.1)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with site(ROOT / "build" / "serve", port=int(os.environ.get("PORT", 8443))) as found:
        print(f"{found.address}  (its certificate is signed by itself: {found.certificate})")
        for replica in found.replicas:
            print(f"  {replica.name}: {replica.address}/readyz, counters http://127.0.0.1:{replica.metrics}/metrics")
        print("Ctrl+C ends all of it; what was saved stays in build/serve.", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
