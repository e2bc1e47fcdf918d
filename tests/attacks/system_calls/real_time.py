# expect: wrong_answer | runtime_error
# why: a real-time process starves all others
import os
try:
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
    print("real-time")
except OSError:
    print("refused")
