"""A socket in front of the Docker daemon that whoever tests may cut or hang; the daemon goes on."""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DAEMON = "/var/run/docker.sock"


class DockerProxy:
    """Passes everything on while it is `up`; takes and answers nothing while it `hangs`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.address = f"unix://{path}"
        self._hung = threading.Event()
        self._listener: socket.socket | None = None
        self._pairs: list[socket.socket] = []
        self.open()

    def open(self) -> None:
        self._hung.clear()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        """As where the daemon has ended: nobody listens, connections break."""
        if self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
            self.path.unlink()
        for end in self._pairs:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def hang(self) -> None:
        self._hung.set()

    def go_on(self) -> None:
        self._hung.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            daemon = socket.socket(socket.AF_UNIX)
            daemon.connect(DAEMON)
            self._pairs += [caller, daemon]
            threading.Thread(target=self._carry, args=[caller, daemon], daemon=True).start()

    def _carry(self, caller: socket.socket, daemon: socket.socket) -> None:
        other = {caller: daemon, daemon: caller}
        with caller, daemon, contextlib.suppress(OSError):
            while True:
                for ready in select.select([caller, daemon], [], [])[0]:
                    data = ready.recv(65536)
                    while self._hung.is_set():
                        time.sleep(0.05)
                    if not data:
                        return
                    other[ready].sendall(data)


@contextmanager
def docker_proxy(folder: Path) -> Iterator[DockerProxy]:
    proxy = DockerProxy(folder / "docker.sock")
    try:
        yield proxy
    finally:
        proxy.go_on()
        proxy.cut()
