"""gunicorn's threads for work only: waiting for a slow client is the poller's, so that no client holds a thread."""

import re
import selectors
import socket
import struct
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from server.settings import load_settings

IDLE_SECONDS = 30
"""A client that neither sends nor takes a byte for so long is gone."""
WHOLE_SECONDS = 300
"""For a whole request to arrive, or a whole answer to be taken: 1 MiB at 30 kbit/s."""
LINGER_SECONDS = 2
"""After the last answer, so that it is not lost with what the client still sends (RFC 9112 section 9.6)."""
SEND_SECONDS = 0.1
"""How long a thread itself stays with an answer."""
HEAD_BYTES = 32 * 1024
PIECE_BYTES = 64 * 1024
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*(?:\r\n|$)")


class PatientSocket(socket.socket):
    """Makes no thread wait: there is nothing more to read, and what cannot be sent at once is kept for the poller."""

    def __init__(self, client: socket.socket) -> None:
        super().__init__(fileno=client.detach())
        self.left = bytearray()
        seconds, rest = divmod(SEND_SECONDS, 1)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(seconds), int(rest * 1_000_000)))

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """The end: the request has arrived, or is refused unread."""
        return b""

    def take(self) -> bytes | None:
        """The next piece for the poller: empty at the end, None when there is none yet."""
        try:
            return super().recv(PIECE_BYTES)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send what the client takes, and keep the rest; raises OSError when it is gone."""
        self.left += data
        if len(self.left) == len(data):
            self.send_on()

    def send_on(self) -> None:
        """Send of what is left as much as is taken; raises OSError when the client is gone."""
        try:
            del self.left[: self.send(self.left)]
        except (BlockingIOError, InterruptedError):
            return


class PatientConn(TConn):
    """A client: what of its request has arrived, and until when it is waited for."""

    sock: Any
    parser: Any

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.arrived = bytearray()
        self.is_whole = True
        self.deadline = self.idle_deadline = 0.0

    def moved(self) -> None:
        """Note that the client did something."""
        self.idle_deadline = time.monotonic() + IDLE_SECONDS


class PatientWorker(ThreadWorker):
    """Gives a thread to a request once it has arrived, and takes the thread back once the answer is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most_bytes = load_settings().max_request_bytes
        self.waiting: set[PatientConn] = set()
        self.next_sweep = 0.0

    def accept(self, listener: socket.socket) -> None:
        """Take in a client."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self.enqueue_req(PatientConn(self.cfg, PatientSocket(client), address, listener.getsockname()))

    def enqueue_req(self, conn: Any) -> None:
        """Let the request arrive before a thread is given to it."""
        conn.arrived = bytearray(conn.parser.unreader.take_buffered() if conn.parser else b"")
        self.wait(conn, selectors.EVENT_READ, self.on_piece, WHOLE_SECONDS)
        if conn.arrived:  # sent together with the request before
            self.judge(conn)

    def on_piece(self, conn: PatientConn) -> None:
        """A piece of a request came, or its end."""
        piece = conn.sock.take()
        if piece is None:
            return
        conn.moved()
        conn.arrived += piece
        if piece:
            self.judge(conn)
        else:
            self.end(conn)

    def judge(self, conn: PatientConn) -> None:
        """Give a thread to what has arrived, and to what will be refused without reading on."""
        conn.is_whole, is_refused = measure(conn.arrived, self.most_bytes)
        if conn.is_whole or is_refused:
            self.no_longer_wait(conn)
            conn.init()
            conn.parser.unreader.unread(bytes(conn.arrived))
            conn.arrived = bytearray()
            conn.data_ready = True
            super().enqueue_req(conn)

    def handle(self, conn: Any) -> bool:
        """Answer one request, in a thread; whether another one may follow."""
        return bool(super().handle(conn)) and conn.is_whole

    def finish_request(self, conn: Any, fs: Any) -> None:
        """The answer is made: send what is left of it, then go on with the client or part from it."""
        if conn.sock.left:
            self.wait(conn, selectors.EVENT_WRITE, partial(self.on_room, fs), WHOLE_SECONDS)
        elif not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
        else:
            self.part(conn)

    def on_room(self, fs: Any, conn: PatientConn) -> None:
        """The client takes more of its answer."""
        try:
            conn.sock.send_on()
        except OSError:
            self.end(conn)
            return
        conn.moved()
        if not conn.sock.left:
            self.no_longer_wait(conn)
            self.finish_request(conn, fs)

    def part(self, conn: PatientConn) -> None:
        """Say that nothing more comes, and let the client close."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self.wait(conn, selectors.EVENT_READ, self.on_rest, LINGER_SECONDS)
        except (OSError, ValueError):  # closed already
            self.end(conn)

    def on_rest(self, conn: PatientConn) -> None:
        """Read past what nobody wants to know."""
        if conn.sock.take() == b"":
            self.end(conn)

    def wait(self, conn: PatientConn, event: int, then: Callable[[PatientConn], None], seconds: float) -> None:
        """Call `then` whenever the socket is ready, for so long."""
        conn.sock.setblocking(False)
        conn.moved()
        conn.deadline = time.monotonic() + seconds
        self.poller.register(conn.sock, event, partial(call, then, conn))
        self.waiting.add(conn)

    def no_longer_wait(self, conn: PatientConn) -> None:
        """A thread has it now, or nobody."""
        if conn in self.waiting:
            self.waiting.discard(conn)
            self.poller.unregister(conn.sock)

    def end(self, conn: PatientConn) -> None:
        """Close a client."""
        self.no_longer_wait(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Once a second: end who was waited for long enough, and when stopping who has said nothing."""
        now = time.monotonic()
        if now < self.next_sweep:
            return
        self.next_sweep = now + 1
        for conn in list(self.waiting):
            is_silent = not self.alive and not conn.arrived and not conn.sock.left
            if is_silent or now > min(conn.deadline, conn.idle_deadline):
                self.end(conn)


def call(then: Callable[[PatientConn], None], conn: PatientConn, _sock: Any) -> None:
    """What the poller calls: it hands over the socket, which the client has anyway."""
    then(conn)


def measure(request: bytes | bytearray, most: int) -> tuple[bool, bool]:
    """Whether a request has arrived whole, and whether it is refused as it is: too long, or in chunks without end."""
    end = request.find(b"\r\n\r\n")
    if end < 0:
        return False, len(request) > HEAD_BYTES
    head, there = bytes(request[:end]).lower(), len(request) - end - 4
    if b"\r\ntransfer-encoding:" in head:
        return request.endswith(b"0\r\n\r\n"), there > most
    found = LENGTH.search(head)
    length = int(found[1]) if found else 0
    return there >= length, length > most
