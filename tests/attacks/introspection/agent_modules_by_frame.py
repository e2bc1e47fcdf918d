# expect: wrong_answer | runtime_error
# why: the supervisor's globals are a walk up the stack away
# kind: stdin call
import sys
frame = sys._getframe()
while frame is not None:
    for name, value in list(frame.f_locals.items()):
        if name == "self" and hasattr(value, "_worker"):
            try:
                value._worker.send(b'{"event": "ended", "exit_code": 0, "signal": null, "limit": null, "cpu_s": 0, "clean": true, "confined": true}')
            except OSError as error:
                print(error)
    frame = frame.f_back
def solve(text):
    return ""
