# expect: wrong_answer
# why: an agent that never gets the CPU enforces nothing
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for process in (1, os.getppid()):
    assert libc.setpriority(0, process, 19) == -1
    assert libc.syscall(203, process, 8, (ctypes.c_ulong * 1)(1)) == -1
    assert libc.sched_setscheduler(process, 5, (ctypes.c_int * 1)(0)) == -1
print("refused")
