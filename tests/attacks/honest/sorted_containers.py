# expect: correct
# why: the package that competitive programmers have
# kind: numbers
from sortedcontainers import SortedList
def solve(values):
    return list(SortedList(values))
