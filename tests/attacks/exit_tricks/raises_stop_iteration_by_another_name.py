# expect: runtime_error
# why: a subclass of StopIteration is one where it is raised again
# kind: call referee looped_referee
class Enough(StopIteration):
    pass
Enough.__name__ = "StopIteration"
def solve(text):
    raise Enough("enough")
