# expect: correct
# why: an exception class of the candidate's own says what it was made with
# kind: saying_referee
class TooLow(Exception):
    pass
def solve(n):
    if n < 0:
        raise TooLow("too low: below zero")
    return n // 2
