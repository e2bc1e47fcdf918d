"""Workers: that they live, what they are at, what they counted."""

from __future__ import annotations

FORGET = """
-- worker that has ended; what it was handed and has not begun with goes to others
redis.call('ZREM', WORKERS, ARGV[1])
redis.call('ZREM', IDLE, ARGV[1])
local handed = redis.call('LPOP', HANDED .. ARGV[1])
if handed then
  local sent = cjson.decode(string.match(handed, '^[^\\n]*'))[1]
  local batch, chunk = string.match(sent, '^(.-)_(.*)$')
  if redis.call('ZREM', LEASES, sent) == 1 then
    rq_ended(sent, lane_of(batch, chunk), '')
    if wanted(batch) then send(batch, chunk, true) end
  end
end
for _, lane in ipairs(LANES) do redis.call('ZREM', SERVING .. lane, ARGV[1]) end
rq_gone(ARGV[1])
"""

COUNT = """
-- worker, number of what it tells, JSON of what it counted or ''
count_news(ARGV[1], ARGV[2], ARGV[3])
"""

BEAT = """
-- worker, batch and chunk that it has or '', rollout at hand or -1, batch and chunk that it has
-- ahead or '', whether it had that for long, number and JSON of what it counted, how many lanes it
-- serves, lane..., name, value... of what RQ is to know of it
-- -> a Standing: whether it has its chunk still, and what of it somebody waits for; whether its
-- machine is drained; whether it has the one ahead still
local worker, batch, chunk = ARGV[1], ARGV[2], ARGV[3]
redis.call('ZADD', WORKERS, now(), worker)
redis.call('ZADD', FORMATS, now(), FORMAT)
for _, lane in ipairs(LANES) do redis.call('ZREM', SERVING .. lane, worker) end
local lanes = {unpack(ARGV, 11, 10 + tonumber(ARGV[10]))}
for _, lane in ipairs(lanes) do redis.call('ZADD', SERVING .. lane, now(), worker) end
rq_alive(worker, lanes, 11 + #lanes)
local host = redis.call('HGET', 'rq:worker:' .. worker, 'hostname') or ''
local drained = redis.call('SISMEMBER', DRAINED, EVERYWHERE)
  + redis.call('SISMEMBER', DRAINED, host)
if drained > 0 then
  for _, lane in ipairs(lanes) do redis.call('ZREM', SERVING .. lane, worker) end
end
count_news(worker, ARGV[8], ARGV[9])

-- What it has ahead is its only as long as nobody else would have nothing to do.
local function has_ahead(batch, chunk, is_long)
  local sent = job(batch, chunk)
  if chunk == '' or not redis.call('ZSCORE', LEASES, sent) then return 0 end
  local lane = lane_of(batch, chunk)
  local stays = wanted(batch) and drained == 0 and not is_long
    and redis.call('LLEN', 'rq:queue:' .. rq_queue_of(lane)) > 0
  if stays then
    redis.call('ZADD', LEASES, now() + LEASE_S, sent)
    return 1
  end
  redis.call('ZREM', LEASES, sent)
  rq_ended(sent, lane, '')
  if wanted(batch) then send(batch, chunk, true) end
  return 0
end

local function standing()
  if chunk == '' then return 1 end
  if not redis.call('ZSCORE', LEASES, job(batch, chunk)) then return 0 end
  redis.call('ZADD', LEASES, now() + LEASE_S, job(batch, chunk))
  if not wanted(batch) then return 0 end
  local at_hand = tonumber(ARGV[4])
  local is_judged = at_hand >= 0 and redis.call('GETBIT', key(batch, 'judged'), at_hand) == 1
  return is_judged and 2 or 1
end

return {standing(), drained, has_ahead(ARGV[5], ARGV[6], ARGV[7] == '1')}
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
