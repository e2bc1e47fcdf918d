"""The steps that must happen as a whole, as Lua for Redis: one script each.

Key names are put together inside, so this is for one Redis (with replicas, if wanted), not for a
cluster. Times are Redis' own, so that no clock of an API process or worker matters. Where that one
is set back, the reaper sees to it that no lease and no worker lasts longer for it (TEND); where it
is set forward, batches are closed too early, and submitted again by who waits for them.
"""

from __future__ import annotations

from verifier.dispatch.redis_backend import names, rq_records
from verifier.dispatch.redis_backend.chunk_id import MAX_TRIES
from verifier.model import Kind

_KINDS, _QUEUES, _LINES = (
    str([*map(str, words)])[1:-1] for words in (Kind, names.QUEUES, names.LINES)
)

_PRELUDE = (
    f"""
local WORKERS, SERVING = '{names.WORKERS}', '{names.SERVING}'
local LEASES, SENT = '{names.LEASES}', '{names.SENT}'
local UNJUDGED, UNJUDGED_CODE = '{names.UNJUDGED}', '{names.UNJUDGED_CODE}'
local DEADLINES, TRUTH = '{names.DEADLINES}', '{names.TRUTH}'
local KINDS, QUEUES, LINES = {{{_KINDS}}}, {{{_QUEUES}}}, {{{_LINES}}}
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

-- Whose job a chunk is; a line too where nothing is known of the batch any more.
local function line_of(batch, chunk)
  return kind_of(chunk) .. '-' .. (redis.call('HGET', key(batch), 'queue') or QUEUES[1])
end

-- The same as labels of a count.
local function words_of(batch, chunk)
  return (string.gsub(line_of(batch, chunk), '%-', '|'))
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
-- Give a chunk to RQ.
local function send(batch, chunk, to_front)
  local queue = redis.call('HGET', key(batch), 'queue')
  if queue then
    local line = kind_of(chunk) .. '-' .. queue
    rq_queued(job(batch, chunk), line, batch, chunk, rest_of(batch))
    redis.call('SADD', key(batch, 'out'), chunk)
    redis.call('ZADD', SENT, now(), job(batch, chunk))
    local push = to_front and 'LPUSH' or 'RPUSH'
    redis.call(push, rq_queue(kind_of(chunk), queue), job(batch, chunk))
  end
end

-- Where the owners of waiting chunks of a kind take turns, and the batches of one of them.
local function line(kind, queue, owner)
  return '{names.TURNS}' .. kind .. '-' .. queue .. (owner and ':' .. owner or '')
end

-- Keep a queue short and filled: owners take turns chunk by chunk, and the batches of each.
-- What has nothing to send any more, because it is closed, falls out when its turn comes.
local function feed(kind, queue)
  local window = tonumber(redis.call('GET', '{names.WINDOW}') or 8)
  local free = window - redis.call('LLEN', rq_queue(kind, queue))
  while free > 0 do
    local owner = redis.call('LPOP', line(kind, queue))
    if not owner then break end
    local batches = line(kind, queue, owner)
    local batch = redis.call('LPOP', batches)
    local chunk = batch and redis.call('LPOP', waiting(batch, kind))
    if chunk then
      send(batch, chunk)
      redis.call('RPUSH', batches, batch)
      free = free - 1
    end
    if redis.call('EXISTS', batches) == 1 then redis.call('RPUSH', line(kind, queue), owner) end
  end
end

local function feed_all()
  for _, queue in ipairs(QUEUES) do
    for _, kind in ipairs(KINDS) do feed(kind, queue) end
  end
end

-- Let the batch take its turns.
local function line_up(batch, kind, queue, owner)
  if redis.call('EXISTS', waiting(batch, kind)) == 0 then return end
  if redis.call('RPUSH', line(kind, queue, owner), batch) == 1 then
    redis.call('RPUSH', line(kind, queue), owner)
  end
end

-- Nobody waits for what is not judged: it is dropped where it is.
local function close(batch)
  for _, kind in ipairs(KINDS) do
    redis.call('DEL', waiting(batch, kind))
  end
  redis.call('DEL', key(batch, 'out'), key(batch, 'payloads'), key(batch, 'handed-over'))
  if redis.call('EXISTS', key(batch)) == 1 then redis.call('HSET', key(batch), 'closed', 1) end
  redis.call('HDEL', UNJUDGED, batch)
  redis.call('HDEL', UNJUDGED_CODE, batch)
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
)

ACCEPT = """
-- batch, watcher, size, deadline in s, most unjudged rollouts, queue, owner, first place of code,
-- what log lines are about, how many payloads are stored, how many digests follow, digest of a
-- ground truth..., chunk...
-- -> {'accepted'}, {'full', unjudged rollouts} or {'store'}: come again when all is stored
local batch, size, queue, owner = ARGV[1], tonumber(ARGV[3]), ARGV[6], ARGV[7]
local payloads, chunks_from = tonumber(ARGV[10]), 12 + tonumber(ARGV[11])
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
  if payloads == 0 or redis.call('HLEN', key(batch, 'payloads')) < payloads then
    return {'store'}
  end
  for i = 12, chunks_from - 1 do
    if redis.call('EXISTS', TRUTH .. ARGV[i]) == 0 then return {'store'} end
  end
  redis.call('HSET', key(batch), 'size', size, 'queue', queue, 'code_from', ARGV[8], 'closed', 0,
    'since', now(), 'about', ARGV[9], 'owner', owner)
  redis.call('HSET', UNJUDGED, batch, unjudged)
  local code = size - ARGV[8] - redis.call('BITCOUNT', key(batch, 'judged'), ARGV[8], size, 'BIT')
  redis.call('HSET', UNJUDGED_CODE, batch, code)
  for i = chunks_from, #ARGV do redis.call('RPUSH', waiting(batch, kind_of(ARGV[i])), ARGV[i]) end
  for _, kind in ipairs(KINDS) do
    if redis.call('EXISTS', waiting(batch, kind)) == 1 then
      redis.call('SADD', 'rq:queues', rq_queue(kind, queue)) -- so that RQ's tools list it
    end
  end
end
redis.call('SADD', key(batch, 'watchers'), ARGV[2])
if unjudged > 0 then
  redis.call('HSET', key(batch), 'deadline', deadline)
  redis.call('ZADD', DEADLINES, deadline, batch)
end
local rest = math.ceil(deadline - now()) + KEEP_S
for _, part in ipairs({false, 'payloads', 'out', 'results', 'judged', 'watchers'}) do
  redis.call('EXPIRE', key(batch, part), rest)
end
for _, kind in ipairs(KINDS) do redis.call('EXPIRE', waiting(batch, kind), rest) end
for i = 12, chunks_from - 1 do redis.call('EXPIRE', TRUTH .. ARGV[i], rest, 'GT') end
if known[1] ~= '0' and unjudged > 0 then
  for _, kind in ipairs(KINDS) do line_up(batch, kind, queue, owner) end
end
feed_all()
return {'accepted'}
"""

DISCARD = """
-- batch: what was stored of it and not accepted
local batch = ARGV[1]
if redis.call('HGET', key(batch), 'closed') == '0' then return end
redis.call('DEL', key(batch, 'payloads'))
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

_TAKING = """
-- A chunk for a worker -> {payload, judged bitmap, seconds left, waited, queue, about, owner},
-- or nil where it is not to be run (any more).
local function take(batch, chunk, worker)
  local known = redis.call('HMGET', key(batch), 'queue', 'deadline', 'since', 'about', 'owner')
  local queue = known[1] or QUEUES[1]
  local line = kind_of(chunk) .. '-' .. queue
  redis.call('ZREM', SENT, job(batch, chunk))
  feed(kind_of(chunk), queue) -- in its place in the queue
  local leased = redis.call('ZSCORE', LEASES, job(batch, chunk))
  if leased and tonumber(leased) > now() then return nil end
  if redis.call('SISMEMBER', key(batch, 'out'), chunk) == 0 or not wanted(batch) then
    redis.call('SREM', key(batch, 'out'), chunk)
    rq_ended(job(batch, chunk), line, '')
    return nil
  end
  redis.call('ZADD', LEASES, now() + LEASE_S, job(batch, chunk))
  rq_started(job(batch, chunk), line, worker, rest_of(batch))
  return {
    redis.call('HGET', key(batch, 'payloads'), string.match(chunk, '%d+')) or '',
    redis.call('GET', key(batch, 'judged')) or '',
    tostring(tonumber(known[2]) - now()),
    tostring(now() - tonumber(known[3] or now())),
    queue,
    known[4] or '{}',
    known[5] or ''
  }
end
"""

TAKE = (
    _TAKING
    + """
-- batch, chunk, worker -> as above
return take(ARGV[1], ARGV[2], ARGV[3])
"""
)

_DELIVERING = (
    """
-- Count the verdicts in ARGV, position and verdict by turns, whose positions have none yet; `done`
-- is the chunk that ends with them, or ''.
local function deliver(batch, done, from)
  local code_from = tonumber(redis.call('HGET', key(batch), 'code_from'))
  local handed_over = key(batch, 'handed-over')
  local any_handed_over = redis.call('EXISTS', handed_over) == 1
  local new, code = {}, 0
  local first, last = math.huge, 0
  for i = from, code_from and #ARGV or 0, 2 do
    local place = tonumber(ARGV[i])
    first, last = math.min(first, place), math.max(last, place)
  end
  if last >= first then
    -- The bytes that hold their bits are read and written at once: a command for each verdict would
    -- take as long as all else.
    local start = math.floor(first / 8)
    local found = redis.call('GETRANGE', key(batch, 'judged'), start, math.floor(last / 8))
    local bytes = {string.byte(found, 1, -1)}
    for n = #bytes + 1, math.floor(last / 8) - start + 1 do bytes[n] = 0 end
    for i = from, #ARGV, 2 do
      local place = tonumber(ARGV[i])
      local n, mark = math.floor(place / 8) - start + 1, 2 ^ (7 - place % 8)
      if bit.band(bytes[n], mark) == 0 then
        bytes[n] = bytes[n] + mark
        new[#new + 1] = ARGV[i + 1]
        if place >= code_from
          or any_handed_over and redis.call('SISMEMBER', handed_over, ARGV[i]) == 1 then
          code = code + 1
        end
      else
        count('duplicates')
      end
    end
    redis.call('SETRANGE', key(batch, 'judged'), start, string.char(unpack(bytes)))
  end
  if #new > 0 then
    if redis.call('RPUSH', key(batch, 'results'), unpack(new)) == #new then -- the first of all
      local rest = redis.call('TTL', key(batch))
      redis.call('EXPIRE', key(batch, 'judged'), rest)
      redis.call('EXPIRE', key(batch, 'results'), rest)
    end
    if redis.call('HEXISTS', UNJUDGED, batch) == 1 then
      if code > 0 then redis.call('HINCRBY', UNJUDGED_CODE, batch, -code) end -- '-0' is no number
      if redis.call('HINCRBY', UNJUDGED, batch, -#new) <= 0 then close(batch) end
    end
    redis.call('PUBLISH', '"""
    + names.NEWS
    + """', batch)
  end
  if done ~= '' then
    redis.call('SREM', key(batch, 'out'), done)
    if redis.call('ZREM', LEASES, job(batch, done)) == 1 then
      rq_ended(job(batch, done), line_of(batch, done), 'finished')
    end
  end
end
"""
)

DELIVER = (
    _DELIVERING
    + """
-- batch, chunk that is done or '', (position, verdict)...
deliver(ARGV[1], ARGV[2], 3)
"""
)

TURN = (
    _TAKING
    + _DELIVERING
    + f"""
-- batch, chunk that is done or '', worker, how many lines, line..., (position, verdict)...
-- Delivers, and -> the first job of the first of these lines that has one, then what `take` says of
-- it; {{job}} where it is none of ours; nil where nothing waits
local lines = tonumber(ARGV[4])
deliver(ARGV[1], ARGV[2], 5 + lines)
for i = 5, 4 + lines do
  local found = redis.call('LPOP', '{names.rq_key("")}' .. ARGV[i])
  while found do
    local batch, chunk = string.match(found, '^(%x+)_(%l+%-%d+%-%d+%-%d+%-%d)$')
    if not batch or #batch ~= 32 then return {{found}} end
    local taken = take(batch, chunk, ARGV[3])
    if taken then return {{found, unpack(taken)}} end
    found = redis.call('LPOP', '{names.rq_key("")}' .. ARGV[i])
  end
end
"""
)

FORGET = """
-- worker that has ended
redis.call('ZREM', WORKERS, ARGV[1])
for _, line in ipairs(LINES) do redis.call('ZREM', SERVING .. line, ARGV[1]) end
rq_gone(ARGV[1])
"""

COUNT = """
-- worker, number of what it tells, JSON of what it counted or ''
count_news(ARGV[1], ARGV[2], ARGV[3])
"""

BEAT = """
-- worker, job it has or '', its batch, rollout at hand or -1, number and JSON of what it counted,
-- how many lines it serves, line..., name, value... of what RQ is to know of it
-- -> a Standing: whether it has it still, and what of it somebody waits for; whether its machine is
-- drained
redis.call('ZADD', WORKERS, now(), ARGV[1])
redis.call('ZADD', FORMATS, now(), FORMAT)
for _, line in ipairs(LINES) do redis.call('ZREM', SERVING .. line, ARGV[1]) end
local lines = {unpack(ARGV, 8, 7 + tonumber(ARGV[7]))}
for _, line in ipairs(lines) do redis.call('ZADD', SERVING .. line, now(), ARGV[1]) end
rq_alive(ARGV[1], lines, 8 + #lines)
local host = redis.call('HGET', 'rq:worker:' .. ARGV[1], 'hostname') or ''
local drained = redis.call('SISMEMBER', DRAINED, EVERYWHERE)
  + redis.call('SISMEMBER', DRAINED, host)
if drained > 0 then
  for _, line in ipairs(lines) do redis.call('ZREM', SERVING .. line, ARGV[1]) end
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

CENSUS = f"""
-- seconds after which a worker that was not heard of counts as gone -> workers, those of each line,
-- rollouts without a verdict, those that need a sandbox, fault, other formats that workers here
-- have, bytes that Redis holds, bytes that it may hold, whether it evicts.
-- Fails where Redis takes nothing.
redis.call('SET', '{names.PROBE}', now(), 'EX', 60)
local since = now() - tonumber(ARGV[1])
local serving = {{}}
for i, line in ipairs(LINES) do
  serving[i] = redis.call('ZCOUNT', SERVING .. line, since, '+inf')
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

FIGURES = """
-- seconds after which a worker that was not heard of counts as gone -> what was counted, for how
-- long the oldest of each line waits, busy workers, their jails
local oldest = {}
local function waits(line, since)
  if not oldest[line] or since < oldest[line] then oldest[line] = since end
end
local function since_of(batch) return tonumber(redis.call('HGET', key(batch), 'since') or now()) end
for _, sent in ipairs(redis.call('ZRANGE', SENT, 0, 999)) do
  local batch, chunk = string.match(sent, '^(.-)_(.*)$')
  waits(line_of(batch, chunk), since_of(batch))
end
for _, queue in ipairs(QUEUES) do
  for _, kind in ipairs(KINDS) do
    for _, owner in ipairs(redis.call('LRANGE', line(kind, queue), 0, 99)) do
      for _, batch in ipairs(redis.call('LRANGE', line(kind, queue, owner), 0, 99)) do
        if redis.call('EXISTS', waiting(batch, kind)) == 1 then
          waits(kind .. '-' .. queue, since_of(batch))
        end
      end
    end
  end
end
local ages = {}
for i, line in ipairs(LINES) do ages[i] = tostring(now() - (oldest[line] or now())) end
local busy, jails = 0, 0
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', WORKERS, now() - tonumber(ARGV[1]), '+inf')) do
  local known = redis.call('HMGET', 'rq:worker:' .. worker, 'state', 'jails')
  if known[1] == 'busy' then busy = busy + 1 end
  jails = jails + tonumber(known[2] or 0)
end
return {redis.call('HGETALL', COUNTS), ages, busy, jails}
"""

REPLACE = """
-- batch, chunk, 'held' or 'lost', chunk to keep the lease for or '', 'front' or 'back' of the
-- queue, chunk to send instead...
-- -> whether it goes on: not where nobody waits for it, the lease is gone, or, for a lost one,
-- renewed meanwhile
local batch, chunk, keep = ARGV[1], ARGV[2], ARGV[4]
local leased = redis.call('ZSCORE', LEASES, job(batch, chunk))
if not leased or (ARGV[3] == 'lost' and tonumber(leased) > now()) then return 0 end
redis.call('ZREM', LEASES, job(batch, chunk))
redis.call('SREM', key(batch, 'out'), chunk)
local worker = redis.call('HGET', 'rq:job:' .. job(batch, chunk), 'worker_name')
local failed = ARGV[3] == 'lost' and wanted(batch)
rq_ended(job(batch, chunk), line_of(batch, chunk), failed and 'failed' or '')
-- A worker that said since that it lives left it on purpose: nobody waits for it.
local heard = worker and tonumber(redis.call('ZSCORE', WORKERS, worker) or 0) or 0
if ARGV[3] == 'lost' and heard < tonumber(leased) - LEASE_S + HEARTBEAT_S / 2 then
  count('leases_lost|' .. words_of(batch, chunk))
end
if not wanted(batch) then return 0 end
if keep ~= '' then
  rq_queued(job(batch, keep), line_of(batch, keep), batch, keep, rest_of(batch))
  if worker then rq_started(job(batch, keep), line_of(batch, keep), worker, rest_of(batch)) end
  redis.call('ZADD', LEASES, leased, job(batch, keep))
  redis.call('SADD', key(batch, 'out'), keep)
end
-- What was taken for mathematics and is a program waits as one from now on.
for i = 6, #ARGV do
  local place = string.match(ARGV[i], '^%l+%-%d+%-(%d+)')
  if kind_of(ARGV[i]) ~= kind_of(chunk)
    and redis.call('GETBIT', key(batch, 'judged'), place) == 0
    and redis.call('SADD', key(batch, 'handed-over'), place) == 1 then
    redis.call('HINCRBY', UNJUDGED_CODE, batch, 1)
    redis.call('EXPIRE', key(batch, 'handed-over'), redis.call('TTL', key(batch)))
  end
end
-- The rest of a slow chunk goes to the back: in front, all of it would come before another's turn.
local tries = tonumber(string.match(chunk, '%d+$'))
for i = #ARGV, 6, -1 do
  send(batch, ARGV[i], ARGV[5] == 'front')
  if tonumber(string.match(ARGV[i], '%d+$')) > tries then
    count('retries|' .. words_of(batch, chunk))
  end
end
return 1
"""

INCOMPLETE = """
-- batch, leased chunk of which Redis has lost something: who waits for the batch finds it closed,
-- and submits it again
local batch, chunk = ARGV[1], ARGV[2]
if redis.call('ZREM', LEASES, job(batch, chunk)) == 0 then return end
rq_ended(job(batch, chunk), line_of(batch, chunk), 'failed')
close(batch)
"""

TEND = (
    """
-- What can only be so late because the clock was set back since is taken to be of now.
local function not_later(of, than)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', of, '(' .. than, '+inf')) do
    redis.call('ZADD', of, than, member)
  end
end
-- seconds -> jobs whose lease ended. Forgets workers not heard of for that long, closes what is
-- late, and fills the queues, whose window follows the number of workers.
close_late()
not_later(LEASES, now() + LEASE_S)
not_later(WORKERS, now())
not_later(FORMATS, now())
for _, line in ipairs(LINES) do not_later(SERVING .. line, now()) end
local silent = now() - tonumber(ARGV[1])
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', WORKERS, '-inf', silent)) do rq_gone(worker) end
redis.call('ZREMRANGEBYSCORE', WORKERS, '-inf', silent)
rq_tidy()
for _, line in ipairs(LINES) do
  redis.call('ZREMRANGEBYSCORE', SERVING .. line, '-inf', silent)
end
redis.call('SET', '"""
    + names.WINDOW
    + """', math.max(8, 2 * redis.call('ZCARD', WORKERS)))
feed_all()
local ended = redis.call('ZRANGEBYSCORE', LEASES, '-inf', now())
for i = #ended, 1, -1 do
  local is_last = tonumber(string.match(ended[i], '%d+$')) + 1 >= """
    + f"{MAX_TRIES}"
    + """
  local longer = is_last and """
    + f"{names.LAST_LEASE_S - names.LEASE_S}"
    + """ or 0
  if tonumber(redis.call('ZSCORE', LEASES, ended[i])) + longer > now() then
    table.remove(ended, i)
  end
end
return ended
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
-- A term that is longer than any was given before the clock went back.
local held = redis.call('PTTL', '"""
    + names.REAPER
    + """') <= tonumber(ARGV[2])
if one and one ~= ARGV[1] and held then return 0 end
redis.call('SET', '"""
    + names.REAPER
    + """', ARGV[1], 'PX', ARGV[2])
return 1
"""
)


def whole(script: str) -> str:
    """The script with what all of them share."""
    return _PRELUDE + script
