# expect: wrong_answer
# why: keys that JSON would write alike
# kind: call
def solve(text):
    return {1: 0, "1": 1, True: 2, None: 3, "null": 4, 1.5: 5, (1,): 6, b"1": 7, float("nan"): 8}
