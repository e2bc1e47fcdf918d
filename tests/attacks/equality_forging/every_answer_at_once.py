# expect: wrong_answer
# why: guesses in a set, for suites that ask `in`
# kind: call assert referee
def solve(text):
    return {text, text[::-1], "", None}
