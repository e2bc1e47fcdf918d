# expect: correct
# why: sleeps, but not past the limit
import time
time.sleep(0.1)
print(input()[::-1])
