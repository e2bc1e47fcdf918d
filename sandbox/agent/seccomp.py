"""Which system calls a run may not make, as data, and the filter that the kernel enforces.

One policy for every jail: a run's process installs it as a BPF program (`install`) before candidate
code starts; the Docker jail applies the same policy to its whole container (`docker_profile`).

It denies by default: what is not named in `system_calls` or here is ENOSYS, so neither a new kernel
nor a number that nobody thought of opens anything. What is refused although programs might ask for
it is EPERM; docs/sandbox.md says what each group stops.
"""

import ctypes
import errno
import os
import platform
import struct

from .system_calls import ALLOWED, NEWEST

REFUSED: dict[str, dict[str, tuple[int | None, int | None]]] = {
    # group: {system call: (number on x86_64, number on aarch64)}
    "looking into other processes": {
        "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
        "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
        "process_mrelease": (448, 448),
    },
    "namespaces and mounts": {
        "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
        "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
        "open_tree": (428, 428), "fsopen": (430, 430), "fsmount": (432, 432),
        "fsconfig": (431, 431), "fspick": (433, 433), "mount_setattr": (442, 442),
    },
    "memory and queues that outlive a process": {
        "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197),
        "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192),
        "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
        "mq_open": (240, 180), "mq_unlink": (241, 181), "mq_timedsend": (242, 182),
        "mq_timedreceive": (243, 183), "mq_notify": (244, 184), "mq_getsetattr": (245, 185),
        "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    },
    "memory that no limit of a process counts": {
        "memfd_create": (319, 279), "memfd_secret": (447, 447),
    },
    "large kernel surfaces": {
        "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
        "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427), "seccomp": (317, 277), "fanotify_init": (300, 262),
        "fanotify_mark": (301, 263), "name_to_handle_at": (303, 264),
        "open_by_handle_at": (304, 265), "lookup_dcookie": (212, 18), "personality": (135, 92),
        "io_setup": (206, 0), "modify_ldt": (154, None), "uselib": (134, None),
        "nfsservctl": (180, 42), "_sysctl": (156, None),
    },
    "the machine": {
        "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
        "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
        "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116),
        "sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170),
        "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
        "iopl": (172, None), "ioperm": (173, None), "vhangup": (153, 58),
        "quotactl": (179, 60), "quotactl_fd": (443, 443),
    },
    "scheduling of others": {
        "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setparam": (142, 118),
        "sched_setattr": (314, 274),
        "mbind": (237, 235), "set_mempolicy": (238, 237),
        "set_mempolicy_home_node": (450, 450), "migrate_pages": (256, 238),
        "move_pages": (279, 239),
    },
}  # fmt: skip

_CLONE, _CLONE3, _PRLIMIT = "clone", "clone3", "prlimit64"
_SOCKET, _SOCKETPAIR, _MMAP = "socket", "socketpair", "mmap"
_SET_AFFINITY, _SET_SCHEDULER = "sched_setaffinity", "sched_setscheduler"
_FILTERED = {
    _CLONE: (56, 220), _CLONE3: (435, 435), _SOCKET: (41, 198), _SOCKETPAIR: (53, 199),
    _PRLIMIT: (302, 261), _SET_SCHEDULER: (144, 119), _MMAP: (9, 222), _SET_AFFINITY: (203, 122),
}  # fmt: skip
_NAMESPACE_FLAGS = (
    0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET."""
_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10
_SOCKET_KIND, _STREAM, _DATAGRAM = 0xF, 1, 2
_PROTOCOLS = (0, 6, 17)
"""The usual one of its kind, TCP, UDP: others are modules that the kernel loads for who asks."""
_MAP_KIND, _MAP_SHARED_ANONYMOUS = 0x2F, 0x21
"""Shared memory without a file outlives the mapping of all but one page of it: what a process has
unmapped is counted for nobody and stays. Jails put /dev/full, which has no memory to share, in the
place of /dev/zero, which would be the same under another name."""
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 0, "aarch64": 1}

# linux/bpf_common.h and linux/seccomp.h
_LOAD_WORD, _RETURN, _JUMP_EQUAL, _JUMP_GREATER, _JUMP_BITS = 0x20, 0x06, 0x15, 0x25, 0x45
_AND = 0x54
_NUMBER_OFFSET, _ARCH_OFFSET, _FIRST_ARGUMENT_OFFSET = 0, 4, 16
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


Steps = list[tuple[int, int, int, int]]
"""Of a BPF program: code, jump if true, jump if false, operand."""


class UnsupportedMachine(Exception):
    """There is no system call table for this processor."""


def build_filter(machine: str = platform.machine()) -> bytes:
    """The policy as a classic BPF program for `machine` (x86_64 or aarch64).

    Raises UnsupportedMachine."""
    if machine not in _AUDIT_ARCH:
        raise UnsupportedMachine(f"no system call table for {machine}")
    filtered = {name: numbers[_COLUMN[machine]] for name, numbers in _FILTERED.items()}

    def when(jump: int, operand: int, result: int) -> Steps:
        return [(jump, 0, 1, operand), (_RETURN, 0, 0, result)]

    def on_argument(index: int, name: str, test: Steps) -> Steps:
        body = [(_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_OFFSET + 8 * index), *test]
        return [(_JUMP_EQUAL, 0, len(body), filtered[name]), *body]

    def only(value: int, error: int) -> Steps:
        return [*when(_JUMP_EQUAL, value, _ALLOW), (_RETURN, 0, 0, _ERRNO | error)]

    program = [
        (_LOAD_WORD, 0, 0, _ARCH_OFFSET),
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, _NUMBER_OFFSET),
        # glibc falls back to clone, whose flags this filter can read.
        *when(_JUMP_EQUAL, filtered[_CLONE3], _ERRNO | errno.ENOSYS),
        *on_argument(0, _CLONE, when(_JUMP_BITS, sum(_NAMESPACE_FLAGS), _ERRNO | errno.EPERM)),
        *on_argument(0, _SOCKET, _internet_sockets() + only(_AF_UNIX, errno.EAFNOSUPPORT)),
        *on_argument(0, _SOCKETPAIR, only(_AF_UNIX, errno.EAFNOSUPPORT)),
        # prlimit of another process asks for the same uid only: the agent may have it.
        *on_argument(0, _PRLIMIT, only(0, errno.EPERM)),
        *on_argument(0, _SET_AFFINITY, only(0, errno.EPERM)),
        # Mono puts its threads under the usual policy, which they are under.
        *on_argument(1, _SET_SCHEDULER, only(0, errno.EPERM)),
        *on_argument(
            3,
            _MMAP,
            [
                (_AND, 0, 0, _MAP_KIND),
                *when(_JUMP_EQUAL, _MAP_SHARED_ANONYMOUS, _ERRNO | errno.EPERM),
            ],
        ),
        # An argument was looked at instead, where it is one of those.
        (_LOAD_WORD, 0, 0, _NUMBER_OFFSET),
        *[
            step
            for last, result in _answers(machine)
            for step in ((_JUMP_GREATER, 1, 0, last), (_RETURN, 0, 0, result))
        ],
        # Also the x32 calls, whose numbers have bit 30 set.
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in program)


def _internet_sockets() -> Steps:
    """Allows TCP and UDP, which lead nowhere but to the jail's own loopback; goes on, with the
    family at hand, where another family is asked for."""
    refused = (_RETURN, 0, 0, _ERRNO | errno.EAFNOSUPPORT)
    kinds: Steps = [
        (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_OFFSET + 8),
        (_AND, 0, 0, _SOCKET_KIND),
        (_JUMP_EQUAL, 2, 0, _STREAM),
        (_JUMP_EQUAL, 1, 0, _DATAGRAM),
        refused,
    ]
    protocols: Steps = [
        (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_OFFSET + 16),
        *[
            step
            for protocol in _PROTOCOLS
            for step in ((_JUMP_EQUAL, 0, 1, protocol), (_RETURN, 0, 0, _ALLOW))
        ],
        refused,
    ]
    body = kinds + protocols
    return [(_JUMP_EQUAL, 1, 0, _AF_INET), (_JUMP_EQUAL, 0, len(body), _AF_INET6), *body]


def _answers(machine: str) -> list[tuple[int, int]]:
    """(last number, answer) of each run of numbers with one answer, from 0 to `NEWEST`."""
    answers = [_ERRNO | errno.ENOSYS] * (NEWEST + 1)
    for tables, answer in ((ALLOWED, _ALLOW), (REFUSED, _ERRNO | errno.EPERM)):
        for group in tables.values():
            for numbers in group.values():
                number = numbers[_COLUMN[machine]]
                if number is not None:
                    answers[number] = answer
    for name in _FILTERED.keys() - {_CLONE3}:
        answers[_FILTERED[name][_COLUMN[machine]]] = _ALLOW
    ends = [n for n in range(NEWEST + 1) if n == NEWEST or answers[n] != answers[n + 1]]
    return [(end, answers[end]) for end in ends]


def install(program: bytes, libc: ctypes.CDLL) -> None:
    """Put `program` in force for this process and all that it starts. Raises OSError.

    Needs no_new_privs."""
    set_seccomp, mode_filter = 22, 2
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    if libc.prctl(set_seccomp, mode_filter, ctypes.create_string_buffer(header), 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp filter refused: {os.strerror(error)}")


def docker_profile() -> dict[str, object]:
    """The same policy in the form that `--security-opt seccomp=` takes.

    A call that it does not allow is answered as the filter of `install`, which is put in force
    after it, answers it: so the numbers of errors are there alone."""

    def allow(*names: str, **test: object) -> dict[str, object]:
        rule: dict[str, object] = {"names": list(names), "action": "SCMP_ACT_ALLOW"}
        return {**rule, "args": [{"index": 0, **test}]} if test else rule

    def bits(mask: int, value: int) -> dict[str, object]:
        return {"value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}

    # There is no "these bits are not": each rule is one way of not being what is refused.
    other_maps = [
        bits(bit, bit & ~_MAP_SHARED_ANONYMOUS)
        for bit in (1 << position for position in range(_MAP_KIND.bit_length()))
        if bit & _MAP_KIND
    ]
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": errno.ENOSYS,
        "architectures": [f"SCMP_ARCH_{platform.machine().upper()}"],
        "syscalls": [
            allow(*[name for group in ALLOWED.values() for name in group], _PRLIMIT),
            allow(_CLONE, **bits(sum(_NAMESPACE_FLAGS), 0)),
            allow(_SOCKET, _SOCKETPAIR, value=_AF_UNIX, op="SCMP_CMP_EQ"),
            allow(_SOCKET, value=_AF_INET, op="SCMP_CMP_EQ"),
            allow(_SOCKET, value=_AF_INET6, op="SCMP_CMP_EQ"),
            allow(_SET_AFFINITY, value=0, op="SCMP_CMP_EQ"),
            allow(_SET_SCHEDULER, value=0, op="SCMP_CMP_EQ", index=1),
            *[allow(_MMAP, **{**test, "index": 3}) for test in other_maps],
        ],
    }
