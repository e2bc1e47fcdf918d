# expect: runtime_error
# why: `str` of an exception is the candidate's code, and lies endlessly
# kind: call referee
class Failure(Exception):
    def __str__(self):
        return '"]]]["value",""]' * 1000
def solve(text):
    raise Failure
