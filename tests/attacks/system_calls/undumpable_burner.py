# expect: time_limit_exceeded
# why: hidden, it burns
import ctypes, os
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
os.fork()
while True:
    pass
