# expect: time_limit_exceeded | wrong_answer | runtime_error
# why: never more than two processes, never the same for long
import os
while True:
    if os.fork():
        os._exit(0)
