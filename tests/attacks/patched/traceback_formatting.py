# expect: runtime_error | wrong_answer
# why: the report of its own failure is the candidate's code
# kind: stdin call
import traceback, os
traceback.print_exception = lambda *_, **__: os._exit(0)
traceback.format_exception_only = lambda *_: ['["value", ""]']
def solve(text):
    raise ValueError
solve("")
