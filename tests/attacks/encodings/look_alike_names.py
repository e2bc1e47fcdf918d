# expect: runtime_error
# why: a name in other letters is another name
# kind: call
# form: escaped
def s\u043elve(text):
    return text[::-1]
