# expect: wrong_answer
# why: asks for SIGKILL whenever its parent ends, and starts a chain of such
import ctypes, os, time
libc = ctypes.CDLL(None)
for _ in range(10):
    libc.prctl(1, 9, 0, 0, 0)
    if os.fork():
        break
print("chained")
