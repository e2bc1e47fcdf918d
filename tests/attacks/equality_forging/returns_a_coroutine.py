# expect: wrong_answer
# why: a coroutine is an object that is never awaited
# kind: call assert referee
async def solve(text):
    return text[::-1]
