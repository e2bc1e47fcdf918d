# expect: memory_limit_exceeded | runtime_error | compile_error | time_limit_exceeded
# why: a shift by a constant
# kind: stdin call
x = 1 << 2_000_000_000_000
