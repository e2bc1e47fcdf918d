# expect: time_limit_exceeded | memory_limit_exceeded
# why: goes on when there are no more processes to be had
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
