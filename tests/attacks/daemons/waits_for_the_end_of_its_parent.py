# expect: wrong_answer
# why: acts when the run is over and nobody looks any more
import os, time
if os.fork() == 0:
    os.setsid()
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.001)
    for name in range(1000):
        open(f"/tmp/late-{name}", "w").write("late")
    time.sleep(60)
print("waiting")
