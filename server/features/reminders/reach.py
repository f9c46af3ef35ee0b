"""Where the server may send a push: to known push services and to nobody inside the network.

The address to send to comes from a browser. It is checked when it is given and at every connection, against
the address that is connected to: what a name means may change between the two.
"""

import ipaddress
import socket
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

from server.settings import Settings

LONGEST = 1_000
"""Code points of an endpoint; those of the known services have some 200."""
PATIENCE_S = 10.0
MOST_BYTES = 4_096
"""Of an answer is read; nothing in it is needed."""

TRANSLATED = ipaddress.ip_network("64:ff9b::/32")
"""Addresses of IPv4 that a gateway translates, private ones perhaps too."""


def is_allowed(endpoint: str, settings: Settings) -> bool:
    """Whether this looks like an endpoint of a known push service."""
    if settings.push_test_origin and endpoint.startswith(settings.push_test_origin + "/"):
        return True
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_known = any(fnmatchcase(host, pattern) for pattern in settings.push_hosts.split())
    is_plain = parts.username is None and parts.password is None and not parts.fragment
    return len(endpoint) <= LONGEST and parts.scheme == "https" and port in {None, 443} and is_plain and is_known


def make_session(settings: Settings) -> requests.Session:
    """A session that reaches public addresses only, follows nothing, and waits and reads so long and so much."""
    session = Bounded()
    session.trust_env = False
    session.mount("https://", Public())
    if settings.push_test_origin:
        session.mount(settings.push_test_origin + "/", HTTPAdapter())
    else:
        session.adapters.pop("http://")
    return session


class Bounded(requests.Session):
    """Requests that cannot be led elsewhere nor kept waiting."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """As requests does it, but without redirects and with little of the answer."""
        response = super().send(
            request, **(options | {"allow_redirects": False, "stream": True, "timeout": PATIENCE_S})
        )
        response._content = response.raw.read(MOST_BYTES)  # pyright: ignore[reportPrivateUsage]
        response.close()
        return response


class Connection(HTTPSConnection):
    """A connection to an address that was looked at; the certificate is still that of the name."""

    def _new_conn(self) -> socket.socket:
        address = public_address(self._dns_host, self.port or 443)
        if address is None:
            raise NewConnectionError(self, f"{self.host} is not a public address")
        return create_connection((address, self.port or 443), self.timeout, self.source_address, self.socket_options)


class ConnectionPool(HTTPSConnectionPool):
    """Connections of this kind."""

    ConnectionCls = Connection  # pyright: ignore[reportAssignmentType]


class Public(HTTPAdapter):
    """Uses them for every host."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Called by requests."""
        super().init_poolmanager(*arguments, **options)
        schemes: dict[str, Any] = {"https": ConnectionPool}
        self.poolmanager.pool_classes_by_scheme = schemes


def public_address(host: str, port: int) -> str | None:
    """The first address of a host; None if any of them is private, loopback, link-local or otherwise not public."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        return None
    return found[0] if found and all(is_public(address) for address in found) else None


def is_public(address: str) -> bool:
    """Whether an address is one of the internet, also when it is written inside another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in TRANSLATED:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if inner is not None:
            return ip.ipv4_mapped is not None and is_public(str(inner))
    return ip.is_global and not ip.is_multicast
