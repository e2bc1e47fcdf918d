# expect: output_limit_exceeded | wrong_answer
# why: the writer is no child of the run's any more
import os, time
if os.fork() == 0:
    os.setsid()
    while True:
        os.write(1, b"x" * 65536)
time.sleep(0.2)
