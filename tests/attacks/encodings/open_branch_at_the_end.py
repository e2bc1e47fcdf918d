# expect: compile_error | runtime_error | wrong_answer
# why: an open branch takes in whatever is set behind the program
# kind: call
def solve(text):
    return ""
if 0:
    x = 1 \
