# expect: wrong_answer
# why: other ways than kill to send a signal: tgkill, sigqueue, pidfd
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for process in (1, os.getppid()):
    for number in (2, 9, 15, 19, 34):
        libc.syscall(234, process, process, number)
        libc.syscall(200, process, number)
        libc.sigqueue(process, number, 0)
        try:
            os.pidfd_open(process)
            libc.syscall(424, os.pidfd_open(process), number, 0, 0)
        except OSError:
            pass
print("sent")
