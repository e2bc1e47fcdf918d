# expect: time_limit_exceeded | wrong_answer | output_limit_exceeded | runtime_error
# why: writing out an integer takes quadratic time
# kind: stdin call
def solve(text):
    return str(7 ** 3_000_000)
print(solve(""))
