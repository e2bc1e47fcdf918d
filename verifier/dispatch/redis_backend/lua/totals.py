"""Numbers over all batches and workers."""

from __future__ import annotations

from verifier.dispatch.redis_backend import names

CENSUS = f"""
-- seconds after which a worker that was not heard of counts as gone -> workers, those of each lane,
-- rollouts without a verdict, those that need a sandbox, fault, other formats that workers here
-- have, bytes that Redis holds, bytes that it may hold, whether it evicts.
-- Fails where Redis takes nothing.
redis.call('SET', '{names.PROBE}', now(), 'EX', 60)
local since = now() - tonumber(ARGV[1])
local serving = {{}}
for i, lane in ipairs(LANES) do
  serving[i] = redis.call('ZCOUNT', SERVING .. lane, since, '+inf')
end
local function sum(of)
  local total = 0
  for _, count in ipairs(redis.call('HVALS', of)) do total = total + tonumber(count) end
  return total
end
local others = redis.call('ZRANGEBYSCORE', FORMATS, since, '+inf')
for i = #others, 1, -1 do if tonumber(others[i]) == FORMAT then table.remove(others, i) end end
if redis.call('ZCOUNT', '{names.WORKERS_OF_FORMAT_1}', since, '+inf') > 0 then
  table.insert(others, 1)
end
local memory = redis.call('INFO', 'memory')
local most = tonumber(string.match(memory, 'maxmemory:(%d+)'))
return {{
  redis.call('ZCOUNT', WORKERS, since, '+inf'), serving, sum(UNJUDGED), sum(UNJUDGED_CODE),
  redis.call('GET', '{names.FAULT}') or '', others,
  tonumber(string.match(memory, 'used_memory:(%d+)')),
  most > 0 and most or tonumber(string.match(memory, 'total_system_memory:(%d+)')),
  most > 0 and not string.find(memory, 'maxmemory_policy:noeviction', 1, true) and 1 or 0
}}
"""

FIGURES = """
-- seconds after which a worker that was not heard of counts as gone -> what was counted, for how
-- long the oldest of each lane waits, busy workers, their jails
local oldest = {}
local function waits(lane, since)
  if not oldest[lane] or since < oldest[lane] then oldest[lane] = since end
end
local function since_of(batch) return tonumber(redis.call('HGET', key(batch), 'since') or now()) end
for _, sent in ipairs(redis.call('ZRANGE', SENT, 0, 999)) do
  local batch, chunk = string.match(sent, '^(.-)_(.*)$')
  waits(lane_of(batch, chunk), since_of(batch))
end
for _, queue in ipairs(QUEUES) do
  for _, kind in ipairs(KINDS) do
    for _, owner in ipairs(redis.call('LRANGE', turns(kind, queue), 0, 99)) do
      for _, batch in ipairs(redis.call('LRANGE', turns(kind, queue, owner), 0, 99)) do
        if redis.call('EXISTS', waiting(batch, kind)) == 1 then
          waits(kind .. '-' .. queue, since_of(batch))
        end
      end
    end
  end
end
local ages = {}
for i, lane in ipairs(LANES) do ages[i] = tostring(now() - (oldest[lane] or now())) end
local busy, jails = 0, 0
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', WORKERS, now() - tonumber(ARGV[1]), '+inf')) do
  local known = redis.call('HMGET', 'rq:worker:' .. worker, 'state', 'jails')
  if known[1] == 'busy' then busy = busy + 1 end
  jails = jails + tonumber(known[2] or 0)
end
return {redis.call('HGETALL', COUNTS), ages, busy, jails}
"""
