# expect: time_limit_exceeded
# why: wakes up before anyone would call it asleep
import time
while True:
    time.sleep(0.001)
