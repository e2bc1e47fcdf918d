# expect: compile_error | time_limit_exceeded
# why: made the parser of 3.9 and 3.10 try every reading of nested braces
# kind: stdin call
# form: generated
program = "{" * 100 + "a:" * 99 + "1"
