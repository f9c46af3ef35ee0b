"""The server sends to push services and to nobody inside the network (security rule 20)."""

import socket
from typing import Any

import pytest
import requests

from server.features.reminders import reach
from server.features.reminders.push import seconds
from tests.factories.apps import make_settings

FCM = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.mark.parametrize(
    "endpoint",
    [
        FCM,
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QBx",
        "https://wns2-by3p.notify.windows.com/w/?token=a",
    ],
)
def test_the_services_of_the_browsers_are_known(endpoint: str) -> None:
    assert reach.is_allowed(endpoint, make_settings())


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:x/",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com.evil.net/x",
        "https://evilpush.apple.com.evil.net/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://[::1]/x",
        "https://10.0.0.1/x",
        "https://intranet/x",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/x",
        "",
        FCM + "x" * 1_000,
    ],
)
def test_nothing_else_is(endpoint: str) -> None:
    assert not reach.is_allowed(endpoint, make_settings())


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:808:808::", "64:ff9b:1::1"),
    ],
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not reach.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.1.1", "2404:6800:4008::1", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is(address: str) -> None:
    assert reach.is_public(address)


@pytest.mark.parametrize("inside", ["127.0.0.1", "169.254.169.254", "10.0.0.7"])
def test_a_known_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    connected: list[Any] = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", (inside, 443))]
    )
    monkeypatch.setattr(reach, "create_connection", lambda *arguments: connected.append(arguments))
    with pytest.raises(requests.ConnectionError):
        reach.make_session(make_settings()).post(FCM, b"")
    assert connected == []


def test_plain_http_reaches_nobody() -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        reach.make_session(make_settings()).post("http://fcm.googleapis.com/x", b"")


@pytest.mark.parametrize(
    ("header", "wait"), [(None, None), ("30", 30), ("999999999", 86_400), ("soon", None), ("-5", None)]
)
def test_the_wait_that_a_service_asks_for_is_bounded(header: str | None, wait: int | None) -> None:
    assert seconds(header) == wait


def test_a_wait_until_a_date_that_has_passed_is_none_at_all() -> None:
    assert seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0
