# expect: time_limit_exceeded | memory_limit_exceeded | runtime_error
# why: threads burn CPU time together, in C without the interpreter's lock
import hashlib, threading
def burn():
    while True:
        hashlib.sha256(bytes(1 << 20)).digest()
for _ in range(40):
    threading.Thread(target=burn).start()
