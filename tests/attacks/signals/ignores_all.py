# expect: time_limit_exceeded
# why: SIGXCPU, SIGTERM and everything else that can be ignored is
import signal
for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
