# expect: output_limit_exceeded | memory_limit_exceeded
# why: one object, returned a million times over
# limits: {"cpu_s": 4, "wall_s": 2}
# kind: call
def solve(text):
    layer = [0] * 100
    for _ in range(4):
        layer = [layer] * 100
    return layer
