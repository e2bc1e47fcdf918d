# expect: wrong_answer | runtime_error
# why: eleven bytes of arithmetic that never end
# kind: evaluated_referee
def solve(value):
    return "9**9**9**9"
