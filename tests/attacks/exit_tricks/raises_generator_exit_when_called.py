# expect: runtime_error
# why: a BaseException that ends generators silently
# kind: call referee
def solve(text):
    raise GeneratorExit
