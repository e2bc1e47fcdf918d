# expect: time_limit_exceeded
# why: the same, where a child's account is read
import ctypes, os
ctypes.CDLL(None).prctl(15, b"\xff\xfe) Z (", 0, 0, 0)
for _ in range(3):
    os.fork()
while True:
    pass
