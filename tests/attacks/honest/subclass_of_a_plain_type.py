# expect: correct
# why: a text of a class of its own is the text that it is
# kind: call referee
class Text(str):
    pass
def solve(text):
    return Text(text[::-1])
