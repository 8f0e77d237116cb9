"""Mail servers on local sockets: one that takes e-mail, and others that hang, refuse or are not there."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator

NOTHING = None  # the server accepts the connection, or the command, and never answers
DRIP = "drip"  # one character of an answer at a time, without end
DRIP_SECONDS = 0.02
TAKES_ALL = {
    "CONNECT": "220 ready",
    "EHLO": "250 hello",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "RSET": "250 ok",
    "DATA": "354 go on",
    ".": "250 taken",
    "QUIT": "221 bye",
}


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.connections += 1
        with contextlib.suppress(OSError):
            self.answer("CONNECT")
            for line in self.rfile:
                command = line[:4].decode().strip().upper()
                self.answer(command)
                if command == "DATA":
                    self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                    self.answer(".")

    def answer(self, command: str) -> None:
        answer = self.server.answers[command]
        if answer == NOTHING:
            self.server.is_closing.wait(60)
        while answer == DRIP and not self.server.is_closing.wait(DRIP_SECONDS):
            self.wfile.write(b"2")
        if answer not in {NOTHING, DRIP}:
            self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Answers each command as ``answers`` says, keyed by command; counts connections and keeps what it took."""

    daemon_threads, block_on_close = True, False

    def __init__(self, answers: dict[str, str | None]):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers, self.connections, self.taken = TAKES_ALL | answers, 0, []
        self.is_closing = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]


@contextlib.contextmanager
def mail_server(settings, answers: dict[str, str | None] | None = None, *, timeout: float = 5) -> Iterator[MailServer]:
    """Run a mail server and let the product's e-mail go to it. ``timeout`` is ``EMAIL_TIMEOUT`` in seconds."""
    with MailServer(answers or {}) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        _use_port(settings, server.port, timeout)
        yield server
        server.is_closing.set()
        server.shutdown()


def no_mail_server(settings) -> None:
    """Let the product's e-mail go to a port at which no server listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    _use_port(settings, port, timeout=5)


def _use_port(settings, port: int, timeout: float) -> None:
    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, timeout
