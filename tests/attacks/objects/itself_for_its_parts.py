# expect: wrong_answer
# why: in the place of plain data it gives itself, which may be asked what an object may be asked
# kind: object_parts_referee
# forges: in_process exit_code printed
class Made:
    def __init__(self, text): self.text = text
    def reversed(self): return self.text[::-1]
    def words(self): return self
    def size(self): return self
    def __contains__(self, word): return True
    def __getitem__(self, index): return self
    def __sub__(self, other): return 0.0
    def count(self, word): return 1
    def index(self, word): return 0
    def startswith(self, start): return True
def solve(text):
    return Made(text)
