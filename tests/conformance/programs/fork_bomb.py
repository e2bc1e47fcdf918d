# expect: nonzero_exit | time_limit | ok
import os
while True:
    try:
        os.fork()
    except BlockingIOError:
        pass
