# expect: runtime_error | wrong_answer
# why: raises KeyboardInterrupt wherever the harness happens to be
# kind: call referee
import _thread, threading, time
def solve(text):
    threading.Timer(0.01, _thread.interrupt_main).start()
    return text
