# expect: wrong_answer
# why: an iterator that begins with the end, where items are counted
# kind: looped_objects_referee
class Made:
    def reversed(self): return ""
    def __iter__(self): return self
    def __next__(self): raise StopIteration
def solve(text):
    return Made()
