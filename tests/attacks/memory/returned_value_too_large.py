# expect: output_limit_exceeded | memory_limit_exceeded
# why: the answer itself is the bomb
# limits: {"cpu_s": 4, "wall_s": 2}
# kind: call numbers
def solve(value):
    return [0] * 3_000_000
