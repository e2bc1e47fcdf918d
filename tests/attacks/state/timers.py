# expect: wrong_answer | runtime_error
# why: timers that fire when the run is over
import ctypes, os, signal
signal.setitimer(signal.ITIMER_REAL, 0.05)
libc = ctypes.CDLL(None)
timer = ctypes.c_void_p()
for _ in range(1000):
    libc.timer_create(0, None, ctypes.byref(timer))
print("ticking")
