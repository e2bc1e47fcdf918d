# expect: wrong_answer
# why: children that are started while the process ends
import atexit, os, time
def leave():
    for _ in range(5):
        if os.fork() == 0:
            os.setsid()
            time.sleep(60)
            os._exit(0)
atexit.register(leave)
print("leaving")
