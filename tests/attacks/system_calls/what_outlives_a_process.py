# expect: wrong_answer
# why: SysV and POSIX objects stay until someone removes them
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
assert libc.shmget(77, 4096, 0o1666) == -1
assert libc.semget(77, 1, 0o1666) == -1
assert libc.msgget(77, 0o1666) == -1
assert libc.syscall(240, b"queue", 0o102, 0o600, 0) == -1
print("refused")
