# expect: wrong_answer | runtime_error
# why: a suite that evaluates what it gets hands its interpreter over
# kind: evaluated_referee
# forges: in_process exit_code printed
def solve(value):
    return "type('Same', (), {'__eq__': lambda *_: True})()"
