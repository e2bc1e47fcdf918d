# expect: wrong_answer | runtime_error
# why: a type's name travels to the referee
# kind: call referee
def solve(value):
    return type("__import__('os')._exit(0)", (), {})()
