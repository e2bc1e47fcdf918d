# expect: correct
# why: within the limit, if only just
# limits: {"cpu_s": 1}
import time
while time.process_time() < 0.4:
    pass
print(input()[::-1])
