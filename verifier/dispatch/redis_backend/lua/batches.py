"""Batches: taken in, found by their names, left and cancelled."""

from __future__ import annotations

from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.lua.chunks import INLINE_BYTES

_HANDING = f"""
-- The idle worker that waited the least, its memory being warm, of those heard of lately.
local function idle_worker(lane)
  for _, worker in ipairs(redis.call('ZREVRANGE', IDLE, 0, 7)) do
    local heard = tonumber(redis.call('ZSCORE', SERVING .. lane, worker) or 0)
    if heard > now() - 2 * HEARTBEAT_S then return worker end
  end
end

-- Leave the only chunk of a new batch to a worker that has nothing to do: it is leased already
-- when that hears of it, which needs no more ways. Not where anything waits in a queue, or is on
-- its way from there. -> whether so
local function hand(batch, chunk, payload, queue, seconds, about, owner)
  local lane = kind_of(chunk) .. '-' .. queue
  if #payload > {INLINE_BYTES} or redis.call('ZCARD', SENT) > 0 then return false end
  local worker = idle_worker(lane)
  if not worker then return false end
  local sent, list = job(batch, chunk), HANDED .. worker
  redis.call('ZREM', IDLE, worker)
  redis.call('ZADD', LEASES, now() + LEASE_S, sent)
  local rest = math.ceil(seconds) + KEEP_S
  rq_queued(sent, lane, batch, chunk, rest)
  rq_started(sent, lane, worker, rest)
  redis.call('RPUSH', list,
    cjson.encode({{sent, tostring(seconds), queue, about, owner}}) .. '\\n' .. payload)
  redis.call('EXPIRE', list, rest)
  return true
end
"""

ACCEPT = (
    _HANDING
    + """
-- batch, watcher, size, deadline in s, most unjudged rollouts, queue, owner, first place of code,
-- what log lines are about, how many payloads there are, how many digests follow, how many of the
-- payloads, digest of a ground truth..., (start, payload)..., chunk...
-- -> {'accepted'}, {'full', unjudged rollouts} or {'store'}: come again when all is stored
local batch, size, queue, owner = ARGV[1], tonumber(ARGV[3]), ARGV[6], ARGV[7]
local payloads, payloads_from = tonumber(ARGV[10]), 13 + tonumber(ARGV[11])
local chunks_from = payloads_from + 2 * tonumber(ARGV[12])
close_late()
if redis.call('HEXISTS', key(batch), 'void') == 1 then
  redis.call('DEL', key(batch), key(batch, 'results'), key(batch, 'judged'), key(batch, 'watchers'))
end
local known = redis.call('HMGET', key(batch), 'closed', 'deadline')
local deadline, is_handed = now() + tonumber(ARGV[4]), false
local unjudged = size - redis.call('BITCOUNT', key(batch, 'judged'))
if known[1] == '0' then
  deadline = math.max(deadline, tonumber(known[2]))
elseif unjudged > 0 then
  local total = 0
  for _, count in ipairs(redis.call('HVALS', UNJUDGED)) do total = total + tonumber(count) end
  if total + unjudged > tonumber(ARGV[5]) then return {'full', total} end
  for i = payloads_from, chunks_from - 1, 2 do
    redis.call('HSET', key(batch, 'payloads'), ARGV[i], ARGV[i + 1])
  end
  if payloads == 0 or redis.call('HLEN', key(batch, 'payloads')) < payloads then
    return {'store'}
  end
  for i = 13, payloads_from - 1 do
    if redis.call('EXISTS', TRUTH .. ARGV[i]) == 0 then return {'store'} end
  end
  redis.call('HSET', key(batch), 'size', size, 'queue', queue, 'code_from', ARGV[8], 'closed', 0,
    'since', now(), 'about', ARGV[9], 'owner', owner)
  redis.call('HSET', UNJUDGED, batch, unjudged)
  local code = size - ARGV[8] - redis.call('BITCOUNT', key(batch, 'judged'), ARGV[8], size, 'BIT')
  redis.call('HSET', UNJUDGED_CODE, batch, code)
  for i = chunks_from, #ARGV do
    redis.call('SADD', 'rq:queues', rq_queue(kind_of(ARGV[i]), queue)) -- so that RQ's tools list it
  end
  is_handed = not known[1] and ARGV[12] == '1' and #ARGV == chunks_from and
    hand(batch, ARGV[#ARGV], ARGV[payloads_from + 1], queue, tonumber(ARGV[4]), ARGV[9], owner)
  for i = chunks_from, is_handed and 0 or #ARGV do
    redis.call('RPUSH', waiting(batch, kind_of(ARGV[i])), ARGV[i])
  end
end
redis.call('SADD', key(batch, 'watchers'), ARGV[2])
if unjudged > 0 then
  redis.call('HSET', key(batch), 'deadline', deadline)
  redis.call('ZADD', DEADLINES, deadline, batch)
end
local rest = math.ceil(deadline - now()) + KEEP_S
for _, part in ipairs({false, 'payloads', 'results', 'judged', 'watchers'}) do
  redis.call('EXPIRE', key(batch, part), rest)
end
if is_handed then return {'accepted'} end
for _, kind in ipairs(KINDS) do redis.call('EXPIRE', waiting(batch, kind), rest) end
for i = 13, payloads_from - 1 do redis.call('EXPIRE', TRUTH .. ARGV[i], rest, 'GT') end
if known[1] ~= '0' and unjudged > 0 then
  for _, kind in ipairs(KINDS) do take_turns(batch, kind, queue, owner) end
end
for _, kind in ipairs(KINDS) do feed(kind, queue) end
return {'accepted'}
"""
)

DISCARD = """
-- batch: what was stored of it and not accepted
local batch = ARGV[1]
if redis.call('HGET', key(batch), 'closed') == '0' then return end
redis.call('DEL', key(batch, 'payloads'))
"""

LEAVE = """
-- batch, watcher, whether its verdicts are kept for its sender to come back; the same of others...
local function leave(batch, watcher, keep)
  redis.call('SREM', key(batch, 'watchers'), watcher)
  if redis.call('SCARD', key(batch, 'watchers')) > 0 then return end
  local known = redis.call('HMGET', key(batch), 'closed', 'void')
  if known[1] ~= '1' then close(batch) end
  if known[2] == 'cancelled' then
    expire(batch, 0)
  elseif keep == '1' then
    expire(batch, KEEP_S)
  elseif redis.call('EXISTS', key(batch), key(batch, 'members')) == 2 then
    redis.call('HSET', key(batch), 'void', 'failed') -- to be read, not to be built upon
    expire(batch, KEEP_S)
  else
    expire(batch, 0)
  end
end

for i = 1, #ARGV, 3 do leave(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
"""

NAME = f"""
-- digest of a name, batch, note, members, for how many s an API process may keep a judged batch,
-- owner, most names of one -> keeps them as long as the batch, and the name as long as such a
-- process may answer by it, or until its owner has so many younger ones
local rest = redis.call('TTL', key(ARGV[2]))
redis.call('DEL', '{names.CANCELLED}' .. ARGV[1])
if rest < 1 then return end
redis.call('HSET', '{names.NAMED}' .. ARGV[1], 'batch', ARGV[2], 'note', ARGV[3])
local longer = math.max(0, math.ceil(tonumber(ARGV[5])) - KEEP_S)
redis.call('EXPIRE', '{names.NAMED}' .. ARGV[1], rest + longer)
redis.call('SET', key(ARGV[2], 'members'), ARGV[4], 'EX', rest)
local owned = '{names.OWNED}' .. ARGV[6]
redis.call('ZADD', owned, now(), ARGV[1])
if redis.call('TTL', owned) < rest + longer then redis.call('EXPIRE', owned, rest + longer) end
if redis.call('ZCARD', owned) > tonumber(ARGV[7]) then
  local oldest = redis.call('ZPOPMIN', owned)[1]
  local batch = redis.call('HGET', '{names.NAMED}' .. oldest, 'batch')
  redis.call('DEL', '{names.NAMED}' .. oldest)
  local closed = batch and redis.call('HGET', key(batch), 'closed') == '1'
  if closed and redis.call('SCARD', key(batch, 'watchers')) == 0 then expire(batch, 0) end
end
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
if not batch then return 0 end -- nor does an API process answer by this name
local rest = math.max(1, redis.call('TTL', '{names.NAMED}' .. ARGV[1]))
redis.call('DEL', '{names.NAMED}' .. ARGV[1])
redis.call('SET', '{names.CANCELLED}' .. ARGV[1], 1, 'EX', rest)
if redis.call('EXISTS', key(batch)) == 0 then return 1 end -- only API processes have it still
redis.call('HSET', key(batch), 'void', 'cancelled')
close(batch)
if redis.call('SCARD', key(batch, 'watchers')) == 0 then expire(batch, 0) end
redis.call('PUBLISH', '{names.NEWS}', batch)
return 1
"""
