# expect: wrong_answer | runtime_error
# why: a thread that a first call started answers for the second
# kind: call
import os, threading, time
def answer():
    time.sleep(0.005)
    for _ in range(3):
        os.write(@ANSWERS@, b'\0\0\0\x0d["value","x"]')
def solve(text):
    threading.Thread(target=answer, daemon=True).start()
    return ""
