# expect: runtime_error
# why: an exception that the suite keeps and raises after others is the candidate's still
# kind: raised_later_referee
def solve(n):
    raise (NameError if n < 0 else ValueError)("a missing name of the suite's, it seems")
