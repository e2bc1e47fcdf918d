# expect: wrong_answer | runtime_error
# why: every line of the harness from here on is followed and may be changed
# kind: call
import sys
found = []
def trace(frame, event, arg):
    for name, value in frame.f_locals.items():
        if isinstance(value, (bytes, str)) and "expected" in name:
            found.append(value)
    return trace
sys.settrace(trace)
sys.setprofile(trace)
def solve(text):
    return str(found)
