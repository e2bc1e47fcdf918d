# expect: time_limit_exceeded | runtime_error | memory_limit_exceeded | wrong_answer
# why: every child leaves its group and its parent
import os
while True:
    try:
        if os.fork() == 0:
            os.setsid()
        else:
            os._exit(0)
    except OSError:
        pass
