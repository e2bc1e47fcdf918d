# expect: wrong_answer
# why: clocks, names, modules, reboot
import ctypes, os, time
libc = ctypes.CDLL(None, use_errno=True)
for number in (175, 313, 246, 320, 169, 167, 168, 170, 171, 164, 227, 159, 305, 103, 172, 173, 153):
    assert libc.syscall(number, 0, 0, 0, 0, 0) == -1, number
try:
    time.clock_settime(time.CLOCK_REALTIME, 0)
    print("set the clock")
except OSError:
    print("refused")
