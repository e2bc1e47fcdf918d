"""Workers: that they live, what they are at, what they counted."""

from __future__ import annotations

FORGET = """
-- worker that has ended
redis.call('ZREM', WORKERS, ARGV[1])
for _, lane in ipairs(LANES) do redis.call('ZREM', SERVING .. lane, ARGV[1]) end
rq_gone(ARGV[1])
"""

COUNT = """
-- worker, number of what it tells, JSON of what it counted or ''
count_news(ARGV[1], ARGV[2], ARGV[3])
"""

BEAT = """
-- worker, job it has or '', its batch, rollout at hand or -1, number and JSON of what it counted,
-- how many lanes it serves, lane..., name, value... of what RQ is to know of it
-- -> a Standing: whether it has it still, and what of it somebody waits for; whether its machine is
-- drained
redis.call('ZADD', WORKERS, now(), ARGV[1])
redis.call('ZADD', FORMATS, now(), FORMAT)
for _, lane in ipairs(LANES) do redis.call('ZREM', SERVING .. lane, ARGV[1]) end
local lanes = {unpack(ARGV, 8, 7 + tonumber(ARGV[7]))}
for _, lane in ipairs(lanes) do redis.call('ZADD', SERVING .. lane, now(), ARGV[1]) end
rq_alive(ARGV[1], lanes, 8 + #lanes)
local host = redis.call('HGET', 'rq:worker:' .. ARGV[1], 'hostname') or ''
local drained = redis.call('SISMEMBER', DRAINED, EVERYWHERE)
  + redis.call('SISMEMBER', DRAINED, host)
if drained > 0 then
  for _, lane in ipairs(lanes) do redis.call('ZREM', SERVING .. lane, ARGV[1]) end
end
count_news(ARGV[1], ARGV[5], ARGV[6])
if ARGV[2] == '' then return {1, drained} end
if not redis.call('ZSCORE', LEASES, ARGV[2]) then return {0, drained} end
redis.call('ZADD', LEASES, now() + LEASE_S, ARGV[2])
if not wanted(ARGV[3]) then return {0, drained} end
local at_hand = tonumber(ARGV[4])
local is_judged = at_hand >= 0 and redis.call('GETBIT', key(ARGV[3], 'judged'), at_hand) == 1
return {is_judged and 2 or 1, drained}
"""

WORKERS_NOW = """
-- seconds after which a worker that was not heard of counts as gone -> of each: its name, machine,
-- process, state, jails, release, RQ queues, chunks done, its job and for how long it has that
local found = {}
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', WORKERS, now() - tonumber(ARGV[1]), '+inf')) do
  local row = redis.call('HMGET', 'rq:worker:' .. worker, 'hostname', 'pid', 'state', 'jails',
    'release', 'queues', 'successful_job_count')
  for i = 1, 7 do row[i] = row[i] or '' end
  local execution = redis.call('SRANDMEMBER', 'rq:worker:' .. worker .. ':executions')
  local job, since = '', now()
  if execution then
    job = string.match(execution, '^(.*):') or ''
    since = tonumber(redis.call('HGET', 'rq:execution:' .. execution, 'created_at') or now())
  end
  table.insert(found, {worker, row, job, tostring(now() - since)})
end
return found
"""
