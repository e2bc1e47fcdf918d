# expect: runtime_error | time_limit_exceeded | memory_limit_exceeded
# why: every thread brings a stack
import threading, time
threading.stack_size(64 << 20)
for _ in range(60):
    threading.Thread(target=time.sleep, args=(60,)).start()
