# expect: correct
# why: handlers that never come to use
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, lambda *_: None)
print(input()[::-1])
