# expect: time_limit_exceeded | runtime_error | memory_limit_exceeded | wrong_answer | output_limit_exceeded
# why: a fork bomb of threads
import threading
def more():
    while True:
        try:
            threading.Thread(target=more).start()
        except RuntimeError:
            pass
more()
