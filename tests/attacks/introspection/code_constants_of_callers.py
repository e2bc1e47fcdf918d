# expect: wrong_answer
# why: literals of a caller's code object hold the answers where both share an interpreter
# kind: call referee
# forges: in_process
import sys
def solve(text):
    frame = sys._getframe(1)
    while frame is not None:
        for constant in frame.f_code.co_consts:
            if isinstance(constant, str) and constant == text[::-1][:]:
                return constant
        frame = frame.f_back
    return "nothing"
