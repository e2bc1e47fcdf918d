"""Entry point inside a jail: `python3 -m agent (--socket PATH | --fd N)`."""

import argparse
import socket

from .supervisor import Supervisor


def main() -> None:
    """Connect to the worker, then serve runs until it hangs up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket")
    parser.add_argument("--fd", type=int)
    arguments = parser.parse_args()
    if arguments.socket is None:
        worker = socket.socket(fileno=arguments.fd)
    else:
        # The agent calls the worker, not the other way round: once the worker has accepted, it
        # removes the socket, and no run finds anything that it could talk to.
        worker = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        worker.connect(arguments.socket)
    Supervisor(worker).serve()


if __name__ == "__main__":
    main()
