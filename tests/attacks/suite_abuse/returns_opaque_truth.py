# expect: wrong_answer | runtime_error
# why: an object that is no plain data is neither true nor false
# kind: truthy truthy_referee
def solve(value):
    return object()
