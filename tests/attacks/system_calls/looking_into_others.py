# expect: wrong_answer
# why: ptrace, process_vm_readv, kcmp, pidfd_getfd reach into another process
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for number, arguments in ((101, (16, 1, 0, 0)), (310, (1, 0, 0, 0, 0, 0)), (312, (1, 1, 0, 0, 0)), (438, (3, 0, 0))):
    assert libc.syscall(number, *arguments) == -1, number
child = os.fork()
if child == 0:
    os._exit(7 if libc.ptrace(0, 0, 0, 0) == -1 else 0)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 7
print("refused")
