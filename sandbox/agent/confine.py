"""What a run's process gives up before any candidate code starts.

What a run calls is imported by its own name, here and in its neighbours: each look-up in a module
touches pages of the interpreter, and each page that a run touches is copied for it.
"""

import ctypes
import os
import resource
from os import setresgid, setresuid, setsid
from resource import RLIMIT_AS, RLIMIT_NOFILE, setrlimit

from . import seccomp

SCRATCH = "/tmp"  # noqa: S108 - the jail's own tmpfs, wiped after every run
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - likewise
SHELF = "/mnt"
"""Likewise; where programs that are run for what they write expect to leave files."""
MAX_PROCESSES = 64
MAX_FILES = 256
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_PENDING_SIGNALS = 1024
MAIN_STACK_BYTES = 120 * 1024 * 1024
"""Deep recursion is common and honest. The kernel leaves a main thread 128 MiB to grow into."""

_SET_DUMPABLE, _SET_NO_NEW_PRIVS = 4, 38
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_prctl = _libc.prctl
_capability_header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
_no_capabilities = (ctypes.c_uint32 * 6)()

fork = ctypes.PyDLL(None).fork
"""fork(2) without what os.fork does for programs with threads, locks and random generators, of
which the agent has none. It touches hundreds of pages, each copied for the run: half a fork's cost.
A run's own os.fork is the full one."""


def confine_agent() -> None:
    """Put in force, once and for this process too, what every run inherits. Raises OSError."""
    if _libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs refused")
    seccomp.install(seccomp.build_filter(), _libc)
    for kind, value in (
        (resource.RLIMIT_FSIZE, MAX_FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, MAX_PENDING_SIGNALS),
        (resource.RLIMIT_NPROC, MAX_PROCESSES),
        (resource.RLIMIT_STACK, MAIN_STACK_BYTES),
    ):
        resource.setrlimit(kind, (value, value))
    # The worker's own, where it is limited in these, are none of a run's: it is ended by our limits
    # and by the same in every jail, as far as the worker may raise them.
    for kind in (
        *(resource.RLIMIT_CPU, resource.RLIMIT_DATA, resource.RLIMIT_RSS, resource.RLIMIT_AS),
        *(resource.RLIMIT_RTPRIO, resource.RLIMIT_NICE),
    ):
        _, most = resource.getrlimit(kind)
        resource.setrlimit(kind, (most, most))
    # The kernel refuses to send descriptors where a uid has more of them on their way than the
    # sender may have open. A run that shares the agent's uid can park as many as *it* may have.
    _, most_files = resource.getrlimit(RLIMIT_NOFILE)
    resource.setrlimit(RLIMIT_NOFILE, (most_files, most_files))
    os.umask(0o077)
    os.chdir(SCRATCH)
    # Others of its uid may not read its memory, descriptors or environment.
    _libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def become_run(uid: int | None, address_space_bytes: int | None) -> None:
    """Turn this freshly forked process into an unprivileged, limited one. Raises OSError.

    `uid` None: the jail has one uid only, and the run shares the agent's.
    `address_space_bytes` None: what it uses of it is limited from outside only.
    Few steps, and none that touches much memory: it is copied page by page on first touch."""
    setsid()
    setrlimit(RLIMIT_NOFILE, (MAX_FILES, MAX_FILES))
    if address_space_bytes is not None:
        setrlimit(RLIMIT_AS, (address_space_bytes, address_space_bytes))
    if uid is None:
        if _libc.capset(_capability_header, _no_capabilities) != 0:
            raise OSError(ctypes.get_errno(), "capabilities could not be dropped")
    else:
        become(uid)
    # Undumpable, as the agent is, its own /dev/stdin would be closed to it.
    _prctl(_SET_DUMPABLE, 1, 0, 0, 0)


def become(uid: int) -> None:
    """Take on an unprivileged uid for good; all capabilities go with root's. Raises OSError."""
    setresgid(uid, uid, uid)
    setresuid(uid, uid, uid)
