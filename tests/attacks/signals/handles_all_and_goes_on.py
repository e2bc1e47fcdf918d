# expect: time_limit_exceeded
# why: handlers that return to the loop, with every signal blocked besides
import signal
for number in signal.valid_signals():
    try:
        signal.signal(number, lambda *_: None)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass
