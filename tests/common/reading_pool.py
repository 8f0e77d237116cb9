"""A pool that forks the worker of spreadsheets, so that each file is read in a limited process without a new Python.

Run as a script with the number of a socket and the limits as JSON. It receives the file and the result as open
descriptors and answers with the return code.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

READERS = Path(__file__).resolve().parents[2] / "common" / "spreadsheets"


class Pool:
    """A process that forks a worker for each file."""

    def __init__(self, limits: dict):
        ours, theirs = socket.socketpair()
        command = [sys.executable, str(Path(__file__)), str(theirs.fileno()), json.dumps(limits)]
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.DEVNULL)
        theirs.close()
        self.socket = ours

    def run(self, source: IO[bytes], result: IO[bytes], _report) -> int:
        """Return the return code of a worker, as ``subprocess`` gives it."""
        socket.send_fds(self.socket, [b"read"], [source.fileno(), result.fileno()])
        return int(self.socket.recv(100))

    def close(self) -> None:
        self.socket.close()
        self.process.wait()


def serve(connection: socket.socket) -> None:
    sys.path.insert(0, str(READERS))
    import python_calamine  # noqa: F401, PLC0415 - imported once for all forks
    from worker.process import main  # noqa: PLC0415 - the path is set above

    while True:
        _message, descriptors, _flags, _address = socket.recv_fds(connection, 100, 2)
        if not descriptors:
            return
        child = os.fork()
        if not child:
            read_and_leave(descriptors, main)
        _child, status = os.waitpid(child, 0)
        for descriptor in descriptors:
            os.close(descriptor)
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())


def read_and_leave(descriptors: list[int], main) -> None:
    code = 1
    with contextlib.suppress(Exception):
        sys.stdin = os.fdopen(descriptors[0], "r", closefd=False)
        sys.stdout = os.fdopen(descriptors[1], "w", closefd=False)
        sys.argv = ["worker", sys.argv[2]]
        main()
        sys.stdout.flush()
        code = 0
    os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
