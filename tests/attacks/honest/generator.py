# expect: correct
# why: a generator where the suite drains one
# kind: consumed consumed_referee joined joined_referee
def solve(text):
    yield from reversed(text)
