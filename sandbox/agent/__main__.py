"""Entry point inside a jail: `python3 -m agent (--socket PATH | --fd N)`."""

import os
import signal
import socket
import sys

from .supervisor import Supervisor


def main() -> None:
    """Connect to the worker, then serve runs until it hangs up."""
    _heed_signals()
    # Without argparse: it stays in memory, which every run is a copy of.
    kind, value = sys.argv[1:]
    if kind == "--fd":
        # The worker may have had hundreds open; here it must be among those that a run is rid of.
        worker = socket.socket(fileno=os.dup(int(value)))
        os.close(int(value))
    else:
        # The agent calls the worker, not the other way round: once the worker has accepted, it
        # removes the socket, and no run finds anything that it could talk to.
        worker = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        worker.connect(value)
    Supervisor(worker).serve()


def _heed_signals() -> None:
    """Whoever started the worker may have had some ignored (nohup, a shell's background job) or
    blocked: runs would inherit that, and end differently for it."""
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


if __name__ == "__main__":
    main()
