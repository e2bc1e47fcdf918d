"""What all scripts share: the names of keys, queues and turns, and how a batch is closed.

Key names are put together inside, so this is for one Redis (with replicas, if wanted), not for a
cluster. Times are Redis' own, so that no clock of an API process or worker matters. Where that one
is set back, the reaper sees to it that no lease and no worker lasts longer for it (`losses.REAP`);
where it is set forward, batches are closed too early, and submitted again by who waits for them.
"""

from __future__ import annotations

from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.lua import rq_records
from verifier.model import Kind

_KINDS, _QUEUES, _LANES = (
    str([*map(str, words)])[1:-1] for words in (Kind, names.QUEUES, names.LANES)
)

_PRELUDE = (
    f"""
local WORKERS, SERVING = '{names.WORKERS}', '{names.SERVING}'
local LEASES, SENT = '{names.LEASES}', '{names.SENT}'
local UNJUDGED, UNJUDGED_CODE = '{names.UNJUDGED}', '{names.UNJUDGED_CODE}'
local IDLE, HANDED = '{names.IDLE}', '{names.HANDED}'
local DEADLINES, TRUTH = '{names.DEADLINES}', '{names.TRUTH}'
local KINDS, QUEUES, LANES = {{{_KINDS}}}, {{{_QUEUES}}}, {{{_LANES}}}
local FORMATS, FORMAT = '{names.FORMATS}', {names.FORMAT}
local LEASE_S, HEARTBEAT_S, KEEP_S = {names.LEASE_S}, {names.HEARTBEAT_S}, {names.KEEP_S}

local clock = redis.call('TIME')
local NOW = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local function now() return NOW end

local function key(batch, part)
  return '{names.batch_key("")}' .. batch .. (part and ':' .. part or '')
end

local function job(batch, chunk)
  return batch .. '_' .. chunk
end

local function kind_of(chunk)
  return string.match(chunk, '^%l+')
end

-- Seconds for which it is kept.
local function rest_of(batch)
  return math.max(1, redis.call('TTL', key(batch)))
end

-- Whose job a chunk is; a lane too where nothing is known of the batch any more.
local function lane_of(batch, chunk)
  return kind_of(chunk) .. '-' .. (redis.call('HGET', key(batch), 'queue') or QUEUES[1])
end

-- The same as labels of a count.
local function words_of(batch, chunk)
  return (string.gsub(lane_of(batch, chunk), '%-', '|'))
end

local function waiting(batch, kind)
  return key(batch, 'waiting-' .. kind)
end

-- Add to what is counted, under a name of `sandbox.counting`.
local DRAINED, EVERYWHERE = '"""
    f"""{names.DRAINED}', '{names.EVERYWHERE}'
local COUNTS = '"""
    + names.COUNTS
    + f"""'
local function count(name, by)
  local is_new = redis.call('HEXISTS', COUNTS, name) == 0
  if is_new and redis.call('HLEN', COUNTS) >= {names.MAX_COUNTS} then
    name = string.gsub(name, '|[^|]*$', '|other')
  end
  redis.call('HINCRBYFLOAT', COUNTS, name, by or 1)
end

-- What a worker counted since it told last; where it tells the same again, nothing.
local function count_news(worker, number, counts)
  if counts == '' or redis.call('HGET', 'rq:worker:' .. worker, 'counted') == number then return end
  redis.call('HSET', 'rq:worker:' .. worker, 'counted', number)
  for name, by in pairs(cjson.decode(counts)) do count(name, by) end
end

local function rq_queue(kind, queue)
  return '{names.rq_key("")}' .. kind .. '-' .. queue
end

"""
    + rq_records.LUA
    + f"""
-- Give a chunk to RQ. What is noted in SENT may be taken, nothing else.
local function send(batch, chunk, to_front)
  local queue = redis.call('HGET', key(batch), 'queue')
  if queue then
    local kind, sent = kind_of(chunk), job(batch, chunk)
    rq_queued(sent, kind .. '-' .. queue, batch, chunk, rest_of(batch))
    redis.call('ZADD', SENT, now(), sent)
    redis.call(to_front and 'LPUSH' or 'RPUSH', rq_queue(kind, queue), sent)
  end
end

-- Where the owners of waiting chunks of a kind take turns, and the batches of one of them.
local function turns(kind, queue, owner)
  return '{names.TURNS}' .. kind .. '-' .. queue .. (owner and ':' .. owner or '')
end

-- Keep a queue short and filled: owners take turns chunk by chunk, and the batches of each.
-- What has nothing to send any more, because it is closed, falls out when its turn comes.
-- -> how many chunks are in the queue now
local function feed(kind, queue)
  local window = tonumber(redis.call('GET', '{names.WINDOW}') or 8)
  local filled = redis.call('LLEN', rq_queue(kind, queue))
  local owners = turns(kind, queue)
  while filled < window do
    local owner = redis.call('LMOVE', owners, owners, 'LEFT', 'RIGHT')
    if not owner then break end
    local batches = turns(kind, queue, owner)
    local batch = redis.call('LMOVE', batches, batches, 'LEFT', 'RIGHT')
    local chunk = batch and redis.call('LPOP', waiting(batch, kind))
    if chunk then
      send(batch, chunk)
      filled = filled + 1
    else
      redis.call('RPOP', batches)
      if redis.call('EXISTS', batches) == 0 then redis.call('RPOP', owners) end
    end
  end
  return filled
end

local function feed_all()
  for _, queue in ipairs(QUEUES) do
    for _, kind in ipairs(KINDS) do feed(kind, queue) end
  end
end

-- Let the batch take its turns.
local function take_turns(batch, kind, queue, owner)
  if redis.call('EXISTS', waiting(batch, kind)) == 0 then return end
  if redis.call('RPUSH', turns(kind, queue, owner), batch) == 1 then
    redis.call('RPUSH', turns(kind, queue), owner)
  end
end

-- Nobody waits for what is not judged: it is dropped where it is.
local function close(batch)
  for _, kind in ipairs(KINDS) do
    redis.call('DEL', waiting(batch, kind))
  end
  redis.call('DEL', key(batch, 'payloads'), key(batch, 'handed-over'))
  if redis.call('EXISTS', key(batch)) == 1 then redis.call('HSET', key(batch), 'closed', 1) end
  redis.call('HDEL', UNJUDGED, batch)
  redis.call('HDEL', UNJUDGED_CODE, batch)
  redis.call('ZREM', DEADLINES, batch)
end

-- Keep what was found out for so long.
local function expire(batch, seconds)
  if seconds == 0 then
    redis.call('DEL', key(batch), key(batch, 'results'), key(batch, 'judged'),
      key(batch, 'members'))
    return
  end
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
)


def whole(script: str) -> str:
    """The script with what all of them share."""
    return _PRELUDE + script
