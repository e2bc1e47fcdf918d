# expect: wrong_answer
# why: a subclass of plain data is the plain data that it is, whatever its operators say
# kind: objects_referee object_parts_referee
# forges: in_process exit_code printed
class Text(str):
    def __eq__(self, other): return True
    def __contains__(self, item): return True
    def count(self, item): return 1
    def startswith(self, start): return True
    def __getitem__(self, index): return Text()
    __hash__ = str.__hash__
class Number(float):
    def __sub__(self, other): return 0.0
class Made:
    def reversed(self): return Text("x")
    def words(self): return Text("x")
    def size(self): return Number(99)
def solve(text):
    return Made()
