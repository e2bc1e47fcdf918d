# expect: runtime_error
# why: a signal is no success, whatever was printed before
# kind: stdin call
import os, signal
print(input()[::-1] if not os.getpid() else "done", flush=True)
os.kill(os.getpid(), signal.SIGTERM)
