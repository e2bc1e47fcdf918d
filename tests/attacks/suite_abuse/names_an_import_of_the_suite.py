# expect: runtime_error | wrong_answer
# why: raises what a suite with a missing module would raise
# kind: referee raising_referee
def solve(value):
    raise ModuleNotFoundError("No module named 'helper'")
