# expect: ok
# stdout: '[]\n'
import ctypes
import platform

number = 56 if platform.machine() == "x86_64" else 220
libc = ctypes.CDLL(None, use_errno=True)
flags = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
made = []
for flag in flags:
    child = libc.syscall(ctypes.c_long(number), ctypes.c_long(flag | 17), 0, 0, 0, 0)
    if child == 0:
        libc._exit(0)
    if child > 0:
        made.append(hex(flag))
print(made)
