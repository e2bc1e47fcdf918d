# expect: time_limit_exceeded
# why: a limit that rests on SIGALRM is switched off
import signal
signal.alarm(0)
signal.setitimer(signal.ITIMER_REAL, 0)
signal.setitimer(signal.ITIMER_VIRTUAL, 0)
signal.setitimer(signal.ITIMER_PROF, 0)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
while True:
    pass
