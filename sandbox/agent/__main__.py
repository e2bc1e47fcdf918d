"""Entry point inside a jail: `python3 -m agent (--socket PATH | --fd N)`."""

import argparse
import os
import signal
import socket

from .supervisor import Supervisor


def main() -> None:
    """Connect to the worker, then serve runs until it hangs up."""
    _heed_signals()
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket")
    parser.add_argument("--fd", type=int)
    arguments = parser.parse_args()
    if arguments.socket is None:
        # The worker may have had hundreds open; here it must be among those that a run is rid of.
        worker = socket.socket(fileno=os.dup(arguments.fd))
        os.close(arguments.fd)
    else:
        # The agent calls the worker, not the other way round: once the worker has accepted, it
        # removes the socket, and no run finds anything that it could talk to.
        worker = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        worker.connect(arguments.socket)
    Supervisor(worker).serve()


def _heed_signals() -> None:
    """Whoever started the worker may have had some ignored (nohup, a shell's background job): runs
    would inherit that, and end differently for it."""
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    main()
