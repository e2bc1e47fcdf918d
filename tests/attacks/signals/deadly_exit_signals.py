# expect: wrong_answer
# why: a process chooses the signal that tells its parent of its end, and its parent's children are its siblings
import ctypes, platform
libc = ctypes.CDLL(None)
CLONE_PARENT = 0x8000
clone = {"x86_64": 56, "aarch64": 220}[platform.machine()]
for number in (9, 19, 15, 11, 6, 2):
    if libc.syscall(clone, CLONE_PARENT | number, 0, 0, 0, 0) == 0:
        libc._exit(0)
print("ended")
