# expect: time_limit_exceeded
# why: a name with brackets and new lines, for readers of /proc/PID/stat
import ctypes
ctypes.CDLL(None).prctl(15, b") R 1\n1 (1 1", 0, 0, 0)
while True:
    pass
