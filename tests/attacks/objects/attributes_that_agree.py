# expect: wrong_answer
# why: what plain data would be asked with an expected value is a function of its own
# kind: object_parts_referee
# forges: in_process exit_code printed
class Words:
    def __init__(self):
        self.count = lambda word: 1
        self.index = lambda word: 0
    def __contains__(self, word): return True
    def __getitem__(self, index): return self
    def startswith(self, start): return True
class Size:
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
class Made:
    def __init__(self, text): self.text = text
    def reversed(self): return self.text[::-1]
    def words(self): return Words()
    def size(self): return Size()
def solve(text):
    return Made(text)
