# expect: wrong_answer
# why: the argument is returned as it is
# kind: call assert referee
def solve(text):
    return text
