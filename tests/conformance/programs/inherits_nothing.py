# expect: ok
# stdout: "['0', '1', '2', '3'] ['HOME', 'LANG', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PATH'] True\n"
import os
import signal

# 3 is the folder being listed.
print(
    sorted(os.listdir("/proc/self/fd")),
    sorted(os.environ),
    signal.getsignal(signal.SIGINT) is signal.default_int_handler and not signal.sigpending(),
)
