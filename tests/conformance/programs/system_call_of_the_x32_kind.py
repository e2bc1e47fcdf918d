# expect: ok | signalled
# stdout: ''
import ctypes
import os
import platform

if platform.machine() == "x86_64":
    libc = ctypes.CDLL(None)
    if libc.syscall(ctypes.c_long(0x40000000 + 39)) == os.getpid():
        print("allowed")
