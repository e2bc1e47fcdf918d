# expect: runtime_error | wrong_answer | time_limit_exceeded | output_limit_exceeded
# why: an object whose every look at it makes another
# kind: call
class Endless:
    def __getattr__(self, name):
        return Endless()
    def __iter__(self):
        while True:
            yield Endless()
def solve(text):
    return Endless()
