# expect: wrong_answer | runtime_error
# why: the harness's own functions are found as objects and replaced in place
# kind: call referee
import gc, types
def replaced(*_, **__):
    return b'"x"'
for function in gc.get_objects():
    if isinstance(function, types.FunctionType) and function.__name__ in ("check", "_tagged", "encode", "decode", "answer", "failed"):
        try:
            function.__code__ = replaced.__code__
        except ValueError:
            pass
def solve(text):
    return "wrong"
