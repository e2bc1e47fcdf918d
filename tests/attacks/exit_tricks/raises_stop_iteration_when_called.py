# expect: runtime_error
# why: it would end a test program's own loop early, and so pass
# kind: call referee looped_referee
def solve(text):
    raise StopIteration
