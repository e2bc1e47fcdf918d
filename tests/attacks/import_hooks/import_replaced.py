# expect: wrong_answer | runtime_error
# why: `__import__` hands out the candidate's modules
# kind: stdin call
import builtins
original = builtins.__import__
def importing(name, *rest):
    module = original(name, *rest)
    module.__dict__["loads"] = module.__dict__["dumps"] = lambda *_: '"x"'
    return module
builtins.__import__ = importing
def solve(text):
    import json
    return ""
