# expect: wrong_answer | runtime_error
# why: a daemon thread floods the answers while calls go on
# kind: call
import os, threading
def flood():
    while True:
        os.write(@ANSWERS@, b'\0\0\0\x0d["value","x"]')
threading.Thread(target=flood, daemon=True).start()
def solve(text):
    return ""
