# expect: wrong_answer
# why: the kernel itself sends the signal, on behalf of whoever owns a descriptor
import fcntl, os, signal
left, right = os.pipe()
for process in (1, os.getppid()):
    for descriptor in (0, 1, 2, left, right):
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETOWN, process)
            fcntl.fcntl(descriptor, 10, signal.SIGKILL)
            fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        except OSError:
            pass
os.write(right, b"x")
print("owned")
