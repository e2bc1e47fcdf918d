# expect: correct
# why: a class of its own, entered, iterated over and asked for its parts
# kind: objects_referee object_parts_referee entered_referee looped_objects_referee
class Words(list):
    def learn(self, word):
        self.append(word)
class Made:
    def __init__(self, text):
        self._text = text
    def __enter__(self): return self
    def __exit__(self, *error): return False
    def __iter__(self): yield from self._text[::-1]
    def __eq__(self, other): return self._text == other._text
    def reversed(self): return self._text[::-1]
    def words(self): return Words([self._text[::-1]])
    def size(self): return float(len(self._text))
def solve(text):
    return Made(text)
