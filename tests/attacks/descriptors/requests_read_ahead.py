# expect: wrong_answer | runtime_error | time_limit_exceeded
# why: looks for later questions in the pipe before answering this one
# kind: call referee
import fcntl, os
def solve(text):
    fcntl.fcntl(@REQUESTS@, fcntl.F_SETFL, os.O_NONBLOCK)
    seen = []
    for _ in range(100):
        try:
            seen.append(os.read(@REQUESTS@, 65536))
        except BlockingIOError:
            pass
    return repr(seen)
