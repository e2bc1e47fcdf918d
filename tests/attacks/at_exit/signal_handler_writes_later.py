# expect: wrong_answer | runtime_error
# why: a timer's handler writes an answer while the harness encodes another
# kind: call
import os, signal
def answer(*_):
    os.write(@ANSWERS@, b'\0\0\0\x0d["value","x"]')
signal.signal(signal.SIGALRM, answer)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
def solve(text):
    return ""
