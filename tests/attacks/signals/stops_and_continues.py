# expect: time_limit_exceeded
# why: two processes take turns at being stopped, so that neither looks busy
import os, signal, time
parent = os.getpid()
if os.fork() == 0:
    while True:
        os.kill(parent, signal.SIGSTOP)
        time.sleep(0.01)
        os.kill(parent, signal.SIGCONT)
        time.sleep(0.001)
while True:
    time.sleep(0.001)
