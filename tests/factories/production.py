"""Starts what config/deploy describes, with nothing but ports, paths and keys replaced: Redis, the server, nginx."""

import os
import re
import secrets
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any

from sync.core.mutation import Mutation
from tests.bench.client import Answer, Client
from tests.e2e.company import ROOT, children, free_port
from tests.factories.machine import require
from tests.factories.postgres import other_user

EXAMPLE = ROOT / "config" / "deploy"
PROGRAMS = Path(sys.executable).parent
MAIN_NGINX = """
daemon off;
pid {top}/nginx.pid;
error_log {top}/nginx.log warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {top}/body; proxy_temp_path {top}/proxy;
    fastcgi_temp_path {top}/fastcgi; uwsgi_temp_path {top}/uwsgi; scgi_temp_path {top}/scgi;
    include {top}/site.conf;
}}
"""


@dataclass
class Site:
    """One production site in a folder of its own, on loopback only."""

    top: Path
    database_url: str
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    inner_port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[Any]] = field(default_factory=dict)

    @property
    def socket(self) -> Path:
        """Where Redis listens."""
        return self.top / "redis.sock"

    @property
    def workers(self) -> set[int]:
        """The ids of the processes that serve."""
        return set(children(self.running["server"].pid))

    @property
    def replaced(self) -> dict[str, str]:
        """What stands in the example, and what stands for it here."""
        return {
            "/opt/baifang/.venv/bin": str(PROGRAMS),
            "/opt/baifang": str(ROOT),
            "/etc/baifang": str(self.top),
            "/etc/ssl/baifang": str(self.top),
            "/var/lib/baifang": str(self.top / "var"),
            "/var/lib/redis": str(self.top),
            "/var/log/nginx": str(self.top),
            "/run/redis-baifang/redis.sock": str(self.socket),
            "postgresql://baifang@/baifang": self.database_url,
            "https://crm.example.com": f"https://localhost:{self.port}",
            "crm.example.com": "localhost",
            "replace-me": secrets.token_hex(32),
            "listen 443": f"listen 127.0.0.1:{self.port}",
            "listen 80": f"listen 127.0.0.1:{self.plain_port}",
            "127.0.0.1:8000": f"127.0.0.1:{self.inner_port}",
        }

    def write(self, source: Path, name: str) -> Path:
        """Put a file of the example here under a name."""
        text = source.read_text(encoding="utf-8")
        for old, new in self.replaced.items():
            text = text.replace(old, new)
        target = self.top / name
        target.write_text(text, encoding="utf-8")
        target.chmod(0o644)
        return target

    def start_redis(self) -> None:
        """Count attempts from now on."""
        self.spawn("redis", [str(require("redis-server")), str(self.top / "redis.conf")], as_other=True)
        wait_until(self.socket.exists, self.top / "redis.out")

    def start(self) -> None:
        """Everything, in the order of the units; returns when nginx passes on that the server is ready."""
        make_certificate(self.top)
        (self.top / "nginx.conf").write_text(MAIN_NGINX.format(top=self.top))
        self.write(ROOT / "config" / "production.example.toml", "baifang.toml")
        self.write(EXAMPLE / "nginx.conf", "site.conf")
        self.write(EXAMPLE / "redis.conf", "redis.conf")
        for name in ("baifang.service", "baifang-worker.service", "baifang-backup.service", "baifang-backup.timer"):
            self.write(EXAMPLE / name, name)
        self.start_redis()
        self.run(*self.command("baifang.service", "ExecStartPre"))
        self.spawn("server", self.command("baifang.service", "ExecStart"))
        self.spawn("worker", self.command("baifang-worker.service", "ExecStart"))
        nginx = [str(require("nginx")), "-e", str(self.top / "nginx.log")]
        self.spawn("nginx", [*nginx, "-p", str(self.top), "-c", str(self.top / "nginx.conf")], as_other=True)
        wait_until(self.is_ready, self.top / "server.out")

    def command(self, unit: str, key: str) -> list[str]:
        """The words that the unit would have run."""
        found = re.search(rf"^{key}=(.+)$", (self.top / unit).read_text(), re.MULTILINE)
        assert found, (unit, key)
        return shlex.split(found[1])

    @property
    def environ(self) -> dict[str, str]:
        """What the unit sets, and the port; free of the tester's own settings except for the built app's place."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("BAIFANG_") or k == "BAIFANG_APP_DIR"}
        [_, setting] = self.command("baifang.service", "Environment")[0].split("BAIFANG_CONFIG=")
        return kept | {"BAIFANG_CONFIG": setting, "BAIFANG_BIND_PORT": str(self.inner_port)}

    def run(self, *words: str) -> str:
        """One command to its end; what it printed."""
        done = subprocess.run(words, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def baifang(self, *words: str) -> str:
        """An operator's command."""
        return self.run(str(PROGRAMS / "baifang"), *words)

    def spawn(self, name: str, command: list[str], *, as_other: bool = False) -> None:
        """Start a program; as root, one that needs no more starts as another user."""
        who: dict[str, Any] = other_user(self.top) if as_other else {"env": self.environ}
        with (self.top / f"{name}.out").open("ab") as out:
            self.running[name] = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, **who)

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask a program to end; its exit code."""
        process = self.running.pop(name)
        process.send_signal(how)
        return process.wait(timeout=40)

    def is_ready(self) -> bool:
        """Whether nginx passes on the server's word that it can serve."""
        assert all(process.poll() is None for process in self.running.values()), self.logs()
        try:
            return self.ask("GET", "/health/ready").status == 200
        except OSError:
            return False

    def logs(self) -> str:
        """What the programs said."""
        return "\n".join(file.read_text() for file in [*self.top.glob("*.out"), *self.top.glob("*.log")])

    def context(self) -> ssl.SSLContext:
        """Trusts our certificate authority alone."""
        return ssl.create_default_context(cafile=self.top / "ca.pem")

    def ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None, address: str = "127.0.0.1"
    ) -> HTTPResponse:
        """One request over TLS from one of this machine's own addresses; the answer, read to its end."""
        connection = HTTPSConnection("localhost", self.port, source_address=(address, 0), context=self.context())
        own = {"X-Baifang": "1", "Content-Type": "application/json"}
        connection.request(method, path, body or None, own | (headers or {}))
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


@dataclass
class SecureClient(Client):
    """A device that reaches the site as all do: by TLS, through nginx."""

    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """As a Client asks; refuses a certificate that our authority did not sign for this name."""
        begun = time.perf_counter()
        status, given, data = self.try_once(method, path, body, headers)
        assert status < 300, (path, status, data)
        if cookie := given["Set-Cookie"]:
            self.cookie = cookie.split(";")[0]
        return Answer(time.perf_counter() - begun, data, data)

    def try_once(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str] | None = None
    ) -> tuple[int, Message, bytes]:
        """Status, headers and body of whatever the answer is."""
        connection = HTTPSConnection("localhost", self.port, timeout=60, context=self.context)
        connection.request(method, path, body, {"X-Baifang": "1", "Cookie": self.cookie} | (headers or {}))
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, answer.headers, data

    def framed(self, mutation: Mutation) -> bytes:
        """A push of one mutation, to be sent as often as it takes."""
        return self._framed([mutation])


@contextmanager
def running_site(database_url: str) -> Generator[Site]:
    """A site for the length of the block; whatever happens, none of its programs is left."""
    top = Path(tempfile.mkdtemp(prefix="bf-site-", dir="/tmp"))
    top.chmod(0o755)
    other_user(top)
    site = Site(top, database_url)
    try:
        site.start()
        yield site
    finally:
        for name in list(site.running):
            site.stop(name)
        shutil.rmtree(top)


def make_certificate(folder: Path) -> None:
    """A certificate authority of our own, and what it signs for localhost."""
    openssl = [str(require("openssl")), "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]
    curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    authority = ["-subj", "/CN=Test CA", "-addext", "keyUsage=critical,keyCertSign"]
    ours = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-CA", "ca.pem", "-CAkey", "ca.key"]
    ours += ["-addext", "basicConstraints=critical,CA:FALSE"]
    for words, key, out in ((authority, "ca.key", "ca.pem"), (ours, "privkey.pem", "fullchain.pem")):
        command = [*openssl, *curve, *words, "-keyout", key, "-out", out]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        (folder / key).chmod(0o644)


def wait_until(is_so: Callable[[], bool], log: Path, seconds: float = 120) -> None:
    """Ask until the answer is yes; raises AssertionError with the log's words."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, log.read_text() if log.exists() else log
        time.sleep(0.1)
