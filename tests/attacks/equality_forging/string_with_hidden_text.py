# expect: wrong_answer
# why: a str whose encoding is another text
# kind: call assert referee
class Text(str):
    def __str__(self): return "other"
    def encode(self, *_): return b'"quelle"'
    def __repr__(self): return "'quelle'"
def solve(text):
    return Text("wrong")
