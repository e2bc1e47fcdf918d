# expect: time_limit_exceeded
# why: an event loop with nothing to do
# limits: {"cpu_s": 2, "wall_s": 1}
import asyncio
asyncio.run(asyncio.sleep(3600))
