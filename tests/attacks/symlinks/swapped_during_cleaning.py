# expect: wrong_answer
# why: a folder becomes a link while it is being removed
import os, time
os.makedirs("/tmp/a/b")
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.rename("/tmp/a", "/tmp/x")
            os.symlink("/", "/tmp/a")
            os.unlink("/tmp/a")
            os.rename("/tmp/x", "/tmp/a")
        except OSError:
            pass
time.sleep(0.05)
print("swapping")
