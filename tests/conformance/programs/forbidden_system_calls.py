# expect: ok
# stdout: '[]\n'
import ctypes
import platform

BOTH = {
    "process_mrelease": 448, "pidfd_getfd": 438, "process_madvise": 440, "io_uring_setup": 425,
    "open_tree": 428, "fsopen": 430, "move_mount": 429, "mount_setattr": 442, "clone3": 435,
    "memfd_secret": 447, "quotactl_fd": 443, "newer than the table": 470,
}  # fmt: skip
MACHINES = {
    "x86_64": {
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "mount": 165,
        "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308,
        "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321, "perf_event_open": 298,
        "userfaultfd": 323, "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240,
        "memfd_create": 319, "personality": 135, "init_module": 175, "kexec_load": 246,
        "reboot": 169, "swapon": 167, "syslog": 103, "settimeofday": 164, "iopl": 172,
        "io_setup": 206, "name_to_handle_at": 303, "open_by_handle_at": 304, "fanotify_init": 300,
        "seccomp": 317, "modify_ldt": 154,
    },
    "aarch64": {
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "mount": 40,
        "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268, "add_key": 217,
        "request_key": 218, "keyctl": 219, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
        "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180, "memfd_create": 279,
        "init_module": 105, "reboot": 142, "io_setup": 0, "open_by_handle_at": 265, "seccomp": 277,
    },
}  # fmt: skip
EPERM, ENOSYS = 1, 38
libc = ctypes.CDLL(None, use_errno=True)
allowed = []
for name, number in {**BOTH, **MACHINES[platform.machine()]}.items():
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0)
    if result != -1 or ctypes.get_errno() not in (EPERM, ENOSYS):
        allowed.append((name, result, ctypes.get_errno()))
print(allowed)
