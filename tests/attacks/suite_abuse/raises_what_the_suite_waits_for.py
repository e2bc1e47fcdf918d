# expect: runtime_error | wrong_answer
# why: the exception that is expected once, always
# kind: call referee raising_referee
def solve(value):
    raise ValueError
