# expect: time_limit_exceeded
# why: a deadlock with itself
# kind: stdin call
import threading
def solve(text):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
solve("")
