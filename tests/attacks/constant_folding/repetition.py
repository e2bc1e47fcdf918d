# expect: memory_limit_exceeded | runtime_error | compile_error
# why: a constant that is only large once it is computed
# kind: stdin call
x = ((((0,) * 250) * 250) * 250) * 250
y = "x" * 4_000 * 4_000 * 4_000
