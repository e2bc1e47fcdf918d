# expect: wrong_answer
# why: stopped processes that do not answer a polite end
import os, signal
for _ in range(5):
    if os.fork() == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
print("stopped")
