# expect: wrong_answer | runtime_error
# why: an integer where a suite repeats, a text where it multiplies
# kind: repeated powers repeated_referee powers_referee
def solve(value):
    return 10 ** 9 if value == "a" else "x" * 1000
