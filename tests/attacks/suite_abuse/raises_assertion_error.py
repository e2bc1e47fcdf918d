# expect: runtime_error | wrong_answer
# why: raises what suites raise
# kind: call referee raising_referee looped_referee
def solve(value):
    raise AssertionError
