# expect: time_limit_exceeded
# why: the same in a call, with SystemExit and KeyboardInterrupt caught
# kind: call
import signal
def solve(text):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
