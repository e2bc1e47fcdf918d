# expect: correct
# why: the entry point is an object with `__call__`
# kind: call referee
class Reverse:
    def __call__(self, text):
        return text[::-1]
solve = Reverse()
