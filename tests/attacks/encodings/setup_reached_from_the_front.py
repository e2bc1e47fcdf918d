# expect: compile_error | runtime_error | wrong_answer
# why: begins as the body of the function before it
# kind: call
    return ""
def solve(text): return text
