# expect: wrong_answer | runtime_error | output_limit_exceeded
# why: a text of megabytes in which every search goes to the end
# kind: member member_referee
# limits: {"output_kb": 16000, "memory_mb": 512}
answer = "a" * 2_000_000
def solve(value):
    return answer
