# expect: correct
# why: what a function prints is no answer
# kind: call referee
def solve(text):
    print("debug", text, flush=True)
    return text[::-1]
