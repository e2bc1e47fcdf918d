# expect: wrong_answer
# why: two processes that start each other again whenever one dies
import os, signal, time
def guard():
    while True:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    try:
        guard()
    except OSError:
        time.sleep(60)
    os._exit(0)
print("guarded")
