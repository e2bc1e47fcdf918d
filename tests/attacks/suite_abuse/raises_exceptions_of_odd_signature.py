# expect: runtime_error
# why: builtin exceptions that are not made of one text
# kind: call referee looped_referee
def solve(value):
    raise UnicodeDecodeError("utf-8", b"x", 0, 1, "odd") if value.startswith("q") else ExceptionGroup("odd", [ValueError()])
