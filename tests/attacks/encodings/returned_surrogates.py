# expect: wrong_answer
# why: a returned text that cannot be encoded
# kind: call
def solve(text):
    return "\ud800" + text + "\udfff\x00"
