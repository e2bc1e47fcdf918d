# expect: correct
# why: an event loop inside
# kind: call referee
import asyncio
async def reverse(text):
    await asyncio.sleep(0)
    return text[::-1]
def solve(text):
    return asyncio.run(reverse(text))
