# expect: wrong_answer
# why: finds the encoder by its frames and replaces its method
# kind: call referee
import sys
def solve(text):
    frame = sys._getframe()
    while frame is not None:
        encoder = frame.f_globals.get("values")
        if encoder is not None:
            encoder.Encoder.encode = lambda self, value: b'""'
        frame = frame.f_back
    return "wrong"
