"""The system calls that programs may make, as data: by what they are for, with their numbers.

From Linux's own tables (asm/unistd_64.h, asm-generic/unistd.h) up to `NEWEST`. What is in neither
this table nor those of `seccomp` does not exist for a program: numbers of other architectures, ones
that a newer kernel has given a meaning, and old or rare ones that no language's library calls.
"""

NEWEST = 450
"""The last number that was looked at; what comes behind it does not exist either."""

ALLOWED: dict[str, dict[str, tuple[int | None, int | None]]] = {
    "files and folders": {
        "read": (0, 63), "write": (1, 64), "open": (2, None), "openat": (257, 56),
        "openat2": (437, 437), "creat": (85, None), "close": (3, 57), "close_range": (436, 436),
        "lseek": (8, 62), "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65),
        "writev": (20, 66), "preadv": (295, 69), "pwritev": (296, 70), "preadv2": (327, 286),
        "pwritev2": (328, 287), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
        "fcntl": (72, 25), "flock": (73, 32), "fsync": (74, 82), "fdatasync": (75, 83),
        "sync": (162, 81), "syncfs": (306, 267), "sync_file_range": (277, 84), "truncate": (76, 45),
        "ftruncate": (77, 46), "fallocate": (285, 47), "fadvise64": (221, 223),
        "readahead": (187, 213), "sendfile": (40, 71), "copy_file_range": (326, 285),
        "splice": (275, 76), "tee": (276, 77), "vmsplice": (278, 75), "getdents": (78, None),
        "getdents64": (217, 61), "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50),
        "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None),
        "mkdirat": (258, 34), "rmdir": (84, None), "link": (86, None), "linkat": (265, 37),
        "unlink": (87, None), "unlinkat": (263, 35), "symlink": (88, None), "symlinkat": (266, 36),
        "readlink": (89, None), "readlinkat": (267, 78), "mknod": (133, None), "mknodat": (259, 33),
        "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None),
        "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "umask": (95, 166),
        "utime": (132, None), "utimes": (235, None), "utimensat": (280, 88),
        "futimesat": (261, None), "access": (21, None), "faccessat": (269, 48),
        "faccessat2": (439, 439), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
        "newfstatat": (262, 79), "statx": (332, 291), "statfs": (137, 43), "fstatfs": (138, 44),
        "ioctl": (16, 29), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
        "getxattr": (191, 8), "lgetxattr": (192, 9), "fgetxattr": (193, 10), "listxattr": (194, 11),
        "llistxattr": (195, 12), "flistxattr": (196, 13), "removexattr": (197, 14),
        "lremovexattr": (198, 15), "fremovexattr": (199, 16), "inotify_init": (253, None),
        "inotify_init1": (294, 26), "inotify_add_watch": (254, 27), "inotify_rm_watch": (255, 28),
    },
    "waiting for files, pipes and sockets": {
        "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
        "epoll_create": (213, None), "epoll_create1": (291, 20), "epoll_ctl": (233, 21),
        "epoll_wait": (232, None), "epoll_pwait": (281, 22), "epoll_pwait2": (441, 441),
        "pipe": (22, None), "pipe2": (293, 59), "eventfd": (284, None), "eventfd2": (290, 19),
        "signalfd": (282, None), "signalfd4": (289, 74), "timerfd_create": (283, 85),
        "timerfd_settime": (286, 86), "timerfd_gettime": (287, 87),
    },
    "sockets, local ones only": {
        "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242), "bind": (49, 200),
        "listen": (50, 201), "sendto": (44, 206), "recvfrom": (45, 207), "sendmsg": (46, 211),
        "recvmsg": (47, 212), "sendmmsg": (307, 269), "recvmmsg": (299, 243), "shutdown": (48, 210),
        "getsockname": (51, 204), "getpeername": (52, 205), "setsockopt": (54, 208),
        "getsockopt": (55, 209),
    },
    "memory": {
        "brk": (12, 214), "munmap": (11, 215), "mprotect": (10, 226), "mremap": (25, 216),
        "msync": (26, 227), "mincore": (27, 232), "madvise": (28, 233), "mlock": (149, 228),
        "mlock2": (325, 284), "munlock": (150, 229), "mlockall": (151, 230),
        "munlockall": (152, 231), "pkey_mprotect": (329, 288), "pkey_alloc": (330, 289),
        "pkey_free": (331, 290), "membarrier": (324, 283), "get_mempolicy": (239, 236),
    },
    "processes and threads": {
        "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
        "exit": (60, 93), "exit_group": (231, 94), "wait4": (61, 260), "waitid": (247, 95),
        "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "getpid": (39, 172),
        "gettid": (186, 178), "getppid": (110, 173), "getpgid": (121, 155), "setpgid": (109, 154),
        "getpgrp": (111, None), "getsid": (124, 156), "setsid": (112, 157), "prctl": (157, 167),
        "arch_prctl": (158, None), "set_tid_address": (218, 96), "futex": (202, 98),
        "futex_waitv": (449, 449), "set_robust_list": (273, 99), "get_robust_list": (274, 100),
        "rseq": (334, 293), "sched_yield": (24, 124), "sched_getaffinity": (204, 123),
        "sched_getparam": (143, 121), "sched_getscheduler": (145, 120), "sched_getattr": (315, 275),
        "sched_get_priority_max": (146, 125), "sched_get_priority_min": (147, 126),
        "sched_rr_get_interval": (148, 127), "getpriority": (140, 141), "ioprio_get": (252, 31),
        "getcpu": (309, 168), "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424),
        "restart_syscall": (219, 128), "getrlimit": (97, 163), "setrlimit": (160, 164),
        "getrusage": (98, 165), "times": (100, 153),
    },
    "signals and timers": {
        "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
        "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137), "rt_sigqueueinfo": (129, 138),
        "rt_tgsigqueueinfo": (297, 240), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132),
        "pause": (34, None), "alarm": (37, None), "getitimer": (36, 102), "setitimer": (38, 103),
        "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "clock_gettime": (228, 113),
        "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None),
        "timer_create": (222, 107), "timer_settime": (223, 110), "timer_gettime": (224, 108),
        "timer_getoverrun": (225, 109), "timer_delete": (226, 111),
    },
    "ids and the machine": {
        "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
        "getresuid": (118, 148), "getresgid": (120, 150), "getgroups": (115, 158),
        "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143),
        "setresuid": (117, 147), "setresgid": (119, 149), "setfsuid": (122, 151),
        "setfsgid": (123, 152), "setgroups": (116, 159), "capget": (125, 90), "capset": (126, 91),
        "uname": (63, 160), "sysinfo": (99, 179), "getrandom": (318, 278),
    },
}  # fmt: skip
