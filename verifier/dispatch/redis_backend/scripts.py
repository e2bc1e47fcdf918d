"""The steps that must happen as a whole, as Lua for Redis: one script each.

Key names are put together inside, so this is for one Redis (with replicas, if wanted), not for a
cluster. Times are Redis' own, so that no clock of an API process or worker matters.
"""

from __future__ import annotations

from verifier.dispatch.redis_backend import names

_PRELUDE = f"""
local WORKERS, LEASES, SENT = '{names.WORKERS}', '{names.LEASES}', '{names.SENT}'
local UNJUDGED, DEADLINES = '{names.UNJUDGED}', '{names.DEADLINES}'
local LEASE_S, KEEP_S = {names.LEASE_S}, {names.KEEP_S}

local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end

local function key(batch, part)
  return '{names.batch_key("")}' .. batch .. (part and ':' .. part or '')
end

local function job(batch, chunk)
  return batch .. '_' .. chunk
end

-- Give a chunk to RQ, whose job of that name is there already.
local function send(batch, chunk, to_front)
  local queue = redis.call('HGET', key(batch), 'queue')
  if queue then
    redis.call('SADD', key(batch, 'out'), chunk)
    redis.call('ZADD', SENT, now(), job(batch, chunk))
    redis.call(to_front and 'LPUSH' or 'RPUSH', 'rq:queue:' .. queue, job(batch, chunk))
  end
end

-- Send what waits, as far as the batch's window is open: so batches take turns in the queue.
local function feed(batch)
  local window = tonumber(redis.call('GET', '{names.WINDOW}') or 8)
  while redis.call('SCARD', key(batch, 'out')) < window do
    local chunk = redis.call('LPOP', key(batch, 'waiting'))
    if not chunk then return end
    send(batch, chunk)
  end
end

-- Nobody waits for what is not judged: it is dropped where it is.
local function close(batch)
  for _, chunk in ipairs(redis.call('LRANGE', key(batch, 'waiting'), 0, -1)) do
    redis.call('DEL', 'rq:job:' .. job(batch, chunk))
  end
  redis.call('DEL', key(batch, 'waiting'), key(batch, 'out'), key(batch, 'payloads'))
  if redis.call('EXISTS', key(batch)) == 1 then redis.call('HSET', key(batch), 'closed', 1) end
  redis.call('HDEL', UNJUDGED, batch)
  redis.call('ZREM', DEADLINES, batch)
end

-- Keep what was found out for so long.
local function expire(batch, seconds)
  for _, part in ipairs({{false, 'results', 'judged', 'members'}}) do
    redis.call('EXPIRE', key(batch, part), seconds)
  end
end

local function wanted(batch)
  local known = redis.call('HMGET', key(batch), 'closed', 'deadline')
  return known[1] == '0' and tonumber(known[2]) > now()
end

local function close_late()
  for _, batch in ipairs(redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', now())) do close(batch) end
end
"""

ACCEPT = """
-- batch, watcher, size, deadline in s, most unjudged rollouts, queue, whether payloads and jobs are
-- stored, chunk... -> {'accepted'}, {'full', unjudged rollouts} or {'store'}: come again with them
local batch, size = ARGV[1], tonumber(ARGV[3])
close_late()
if redis.call('HEXISTS', key(batch), 'void') == 1 then
  redis.call('DEL', key(batch), key(batch, 'results'), key(batch, 'judged'), key(batch, 'watchers'))
end
local known = redis.call('HMGET', key(batch), 'closed', 'deadline')
local deadline = now() + tonumber(ARGV[4])
local unjudged = size - redis.call('BITCOUNT', key(batch, 'judged'))
if known[1] == '0' then
  deadline = math.max(deadline, tonumber(known[2]))
elseif unjudged > 0 then
  local total = 0
  for _, count in ipairs(redis.call('HVALS', UNJUDGED)) do total = total + tonumber(count) end
  if total + unjudged > tonumber(ARGV[5]) then return {'full', total} end
  if ARGV[7] == '0' then return {'store'} end
  redis.call('HSET', key(batch), 'size', size, 'queue', ARGV[6], 'closed', 0)
  redis.call('HSET', UNJUDGED, batch, unjudged)
  for i = 8, #ARGV do redis.call('RPUSH', key(batch, 'waiting'), ARGV[i]) end
end
redis.call('SADD', key(batch, 'watchers'), ARGV[2])
if unjudged > 0 then
  redis.call('HSET', key(batch), 'deadline', deadline)
  redis.call('ZADD', DEADLINES, deadline, batch)
  feed(batch)
end
local rest = math.ceil(deadline - now()) + KEEP_S
for _, part in ipairs({false, 'payloads', 'waiting', 'out', 'results', 'judged', 'watchers'}) do
  redis.call('EXPIRE', key(batch, part), rest)
end
return {'accepted'}
"""

LEAVE = """
-- batch, watcher, whether its verdicts are kept for its sender to come back
local batch = ARGV[1]
redis.call('SREM', key(batch, 'watchers'), ARGV[2])
if redis.call('SCARD', key(batch, 'watchers')) > 0 then return end
close(batch)
if redis.call('HGET', key(batch), 'void') == 'cancelled' then
  expire(batch, 0)
elseif ARGV[3] == '1' then
  expire(batch, KEEP_S)
elseif redis.call('EXISTS', key(batch), key(batch, 'members')) == 2 then
  redis.call('HSET', key(batch), 'void', 'failed') -- to be read, not to be built upon
  expire(batch, KEEP_S)
else
  expire(batch, 0)
end
"""

NAME = f"""
-- digest of a name, batch, note, members -> keeps them as long as the batch
local rest = redis.call('TTL', key(ARGV[2]))
if rest < 1 then return end
redis.call('HSET', '{names.NAMED}' .. ARGV[1], 'batch', ARGV[2], 'note', ARGV[3])
redis.call('EXPIRE', '{names.NAMED}' .. ARGV[1], rest)
redis.call('SET', key(ARGV[2], 'members'), ARGV[4], 'EX', rest)
"""

JOIN = """
-- batch, watcher -> seconds to its deadline, or nil where it is gone or cancelled
local known = redis.call('HMGET', key(ARGV[1]), 'deadline', 'void')
if not known[1] or known[2] == 'cancelled' then return nil end
redis.call('SADD', key(ARGV[1], 'watchers'), ARGV[2])
redis.call('EXPIRE', key(ARGV[1], 'watchers'), redis.call('TTL', key(ARGV[1])))
return tostring(tonumber(known[1]) - now())
"""

CANCEL = f"""
-- digest of a name -> whether a batch had it; whoever waits for it is told
local batch = redis.call('HGET', '{names.NAMED}' .. ARGV[1], 'batch')
redis.call('DEL', '{names.NAMED}' .. ARGV[1])
if not batch or redis.call('EXISTS', key(batch)) == 0 then return 0 end
redis.call('HSET', key(batch), 'void', 'cancelled')
close(batch)
if redis.call('SCARD', key(batch, 'watchers')) == 0 then expire(batch, 0) end
redis.call('PUBLISH', '{names.NEWS}', batch)
return 1
"""

TAKE = """
-- batch, chunk, payload -> {payload, judged bitmap, seconds left}, or nil where it is not to be run
local batch, chunk = ARGV[1], ARGV[2]
redis.call('ZREM', SENT, job(batch, chunk))
local leased = redis.call('ZSCORE', LEASES, job(batch, chunk))
if leased and tonumber(leased) > now() then return nil end
if redis.call('SISMEMBER', key(batch, 'out'), chunk) == 0 or not wanted(batch) then
  redis.call('SREM', key(batch, 'out'), chunk)
  return nil
end
redis.call('ZADD', LEASES, now() + LEASE_S, job(batch, chunk))
local left = tonumber(redis.call('HGET', key(batch), 'deadline')) - now()
return {
  redis.call('HGET', key(batch, 'payloads'), ARGV[3]) or '',
  redis.call('GET', key(batch, 'judged')) or '',
  tostring(left)
}
"""

DELIVER = (
    """
-- batch, chunk that is done or '', (position, verdict)...
-- Counts a verdict unless its position has one; then the next chunk of the batch may go.
local batch, chunk = ARGV[1], ARGV[2]
local known = redis.call('EXISTS', key(batch)) == 1
local new = {}
for i = 3, known and #ARGV or 0, 2 do
  if redis.call('SETBIT', key(batch, 'judged'), ARGV[i], 1) == 0 then
    table.insert(new, ARGV[i + 1])
  end
end
if #new > 0 then
  redis.call('RPUSH', key(batch, 'results'), unpack(new))
  local rest = redis.call('TTL', key(batch))
  redis.call('EXPIRE', key(batch, 'judged'), rest)
  redis.call('EXPIRE', key(batch, 'results'), rest)
  if redis.call('HEXISTS', UNJUDGED, batch) == 1
      and redis.call('HINCRBY', UNJUDGED, batch, -#new) <= 0 then
    close(batch)
  end
  redis.call('PUBLISH', '"""
    + names.NEWS
    + """', batch)
end
if chunk ~= '' then
  redis.call('ZREM', LEASES, job(batch, chunk))
  redis.call('SREM', key(batch, 'out'), chunk)
  feed(batch)
end
"""
)

BEAT = """
-- worker, job it has or '' -> whether it has it still and somebody waits for it
redis.call('ZADD', WORKERS, now(), ARGV[1])
if ARGV[2] == '' then return 1 end
if not redis.call('ZSCORE', LEASES, ARGV[2]) then return 0 end
redis.call('ZADD', LEASES, now() + LEASE_S, ARGV[2])
return wanted(ARGV[3]) and 1 or 0
"""

REPLACE = """
-- batch, chunk, 'held' or 'lost', chunk to keep the lease for or '', chunk to send instead...
-- -> whether it was done: not where the lease is gone, or, for a lost one, renewed meanwhile
local batch, chunk, keep = ARGV[1], ARGV[2], ARGV[4]
local leased = redis.call('ZSCORE', LEASES, job(batch, chunk))
if not leased or (ARGV[3] == 'lost' and tonumber(leased) > now()) then return 0 end
redis.call('ZREM', LEASES, job(batch, chunk))
redis.call('SREM', key(batch, 'out'), chunk)
if not wanted(batch) then return 1 end
if keep ~= '' then
  redis.call('ZADD', LEASES, leased, job(batch, keep))
  redis.call('SADD', key(batch, 'out'), keep)
end
for i = #ARGV, 5, -1 do send(batch, ARGV[i], true) end
feed(batch)
return 1
"""

TEND = (
    """
-- seconds -> jobs whose lease ended. Forgets workers not heard of for that long, closes what is
-- late, and lets every batch use its window, which follows the number of workers.
close_late()
redis.call('ZREMRANGEBYSCORE', WORKERS, '-inf', now() - tonumber(ARGV[1]))
redis.call('SET', '"""
    + names.WINDOW
    + """', math.max(8, 2 * redis.call('ZCARD', WORKERS)))
for _, batch in ipairs(redis.call('HKEYS', UNJUDGED)) do feed(batch) end
return redis.call('ZRANGEBYSCORE', LEASES, '-inf', now())
"""
)

RESEND = """
-- batch, chunk, since when it was in the queue -> sends it again, unless it was taken meanwhile
local sent = redis.call('ZSCORE', SENT, job(ARGV[1], ARGV[2]))
if not sent or tonumber(sent) ~= tonumber(ARGV[3]) then return 0 end
redis.call('ZREM', SENT, job(ARGV[1], ARGV[2]))
if wanted(ARGV[1]) then send(ARGV[1], ARGV[2], true) end
return 1
"""

ELECT = (
    """
-- who, for how many ms -> whether they are the one
local one = redis.call('GET', '"""
    + names.REAPER
    + """')
if one and one ~= ARGV[1] then return 0 end
redis.call('SET', '"""
    + names.REAPER
    + """', ARGV[1], 'PX', ARGV[2])
return 1
"""
)


def whole(script: str) -> str:
    """The script with what all of them share."""
    return _PRELUDE + script
