# expect: ok
# stdout: "120\n"
import threading
from concurrent.futures import ThreadPoolExecutor
together = threading.Barrier(16)  # each has a thread, and memory, of its own
def work(number):
    together.wait()
    return len(bytes(100_000)) and number
with ThreadPoolExecutor(16) as pool:
    print(sum(pool.map(work, range(16))))
