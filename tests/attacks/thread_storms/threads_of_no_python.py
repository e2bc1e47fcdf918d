# expect: time_limit_exceeded
# why: threads that the interpreter does not know
import ctypes
libc = ctypes.CDLL(None)
libc.usleep.restype = ctypes.c_int
thread = ctypes.c_ulong()
for _ in range(30):
    libc.pthread_create(ctypes.byref(thread), None, libc.pause, None)
libc.pause()
