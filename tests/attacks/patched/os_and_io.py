# expect: wrong_answer | runtime_error | time_limit_exceeded
# why: the calls that the harness writes with are replaced
# kind: stdin call
import io, os
os.write = lambda *_: 1
os._exit = lambda *_: None
io.open = lambda *_, **__: None
io.BufferedWriter.close = None if False else io.BufferedWriter.close
def solve(text):
    return ""
