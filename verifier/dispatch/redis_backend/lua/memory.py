"""Verdicts that last."""

from __future__ import annotations

from verifier.dispatch.redis_backend import names

KEEP = f"""
-- how many may be kept, then a key and a verdict by turns. What was not asked for since the hash
-- was last put aside goes with the next time; all of it goes where Redis is half full.
local memory = redis.call('INFO', 'memory')
local most = tonumber(string.match(memory, 'maxmemory:(%d+)'))
if most > 0 and tonumber(string.match(memory, 'used_memory:(%d+)')) > most / 2 then
  return redis.call('UNLINK', '{names.REMEMBERED}', '{names.REMEMBERED_BEFORE}')
end
if redis.call('HLEN', '{names.REMEMBERED}') >= tonumber(ARGV[1]) / 2 then
  redis.call('RENAME', '{names.REMEMBERED}', '{names.REMEMBERED_BEFORE}')
end
for i = 2, #ARGV, 2 do redis.call('HSET', '{names.REMEMBERED}', ARGV[i], ARGV[i + 1]) end
return redis.call('EXPIRE', '{names.REMEMBERED}', {names.REMEMBERED_S}, 'NX')
"""
