# expect: output_limit_exceeded | memory_limit_exceeded
# why: one object, returned a million times over
# kind: call
def solve(text):
    layer = [0] * 100
    for _ in range(4):
        layer = [layer] * 100
    return layer
