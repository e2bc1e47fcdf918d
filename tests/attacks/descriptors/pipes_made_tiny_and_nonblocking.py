# expect: wrong_answer | runtime_error | time_limit_exceeded
# why: the flags of a pipe's end are shared with whoever holds it
# kind: stdin call
import fcntl, os
for number in range(64):
    for command, value in ((fcntl.F_SETFL, os.O_NONBLOCK | os.O_DIRECT), (1031, 4096), (fcntl.F_SETOWN, 1), (fcntl.F_SETSIG if hasattr(fcntl, "F_SETSIG") else 10, 9)):
        try:
            fcntl.fcntl(number, command, value)
        except (OSError, ValueError):
            pass
def solve(text):
    return "x" * 100_000
print(solve(""))
