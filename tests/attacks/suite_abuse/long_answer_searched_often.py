# expect: wrong_answer | runtime_error | output_limit_exceeded
# why: every `in` of a loop walks a long list
# kind: member member_referee
# limits: {"output_kb": 16000, "memory_mb": 512}
answer = [0] * 200_000 + ["a!", "b!"]
def solve(value):
    return answer
