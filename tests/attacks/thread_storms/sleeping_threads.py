# expect: runtime_error | time_limit_exceeded | wrong_answer | memory_limit_exceeded
# why: as many threads as there may be
# kind: stdin call
import threading, time
def solve(text):
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return ""
solve("")
