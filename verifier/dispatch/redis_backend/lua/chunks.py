"""Chunks at workers: taken, their results delivered, others sent in their place."""

from __future__ import annotations

from verifier.dispatch.redis_backend import names

INLINE_BYTES = 8192
"""The most of a payload that comes along with its chunk: what passes through Lua is copied and
hashed there, byte by byte, which for more takes longer than a way of its own."""

_TAKING = f"""
-- A chunk for a worker -> {{payload, or '' where that is large, its bytes, judged bitmap, seconds
-- left, waited, queue, about, owner, whether others could have one too}}, or nil where it is not to
-- be run (any more). `is_ahead`: the worker is at another one.
local function take(batch, chunk, worker, is_ahead)
  local known = redis.call('HMGET', key(batch), 'queue', 'deadline', 'since', 'about', 'owner',
    'closed')
  local queue, taken = known[1] or QUEUES[1], job(batch, chunk)
  local lane = kind_of(chunk) .. '-' .. queue
  local was_sent = redis.call('ZREM', SENT, taken) == 1
  local filled = feed(kind_of(chunk), queue) -- in its place in the queue
  local leased = redis.call('ZSCORE', LEASES, taken)
  if leased and tonumber(leased) > now() or not leased and not was_sent then return nil end
  if known[6] ~= '0' or tonumber(known[2]) <= now() then
    rq_ended(taken, lane, '')
    return nil
  end
  redis.call('ZADD', LEASES, now() + LEASE_S, taken)
  if not is_ahead then rq_started(taken, lane, worker, tonumber(known[2]) - now() + KEEP_S) end
  local payload = string.match(chunk, '%d+')
  local bytes = redis.call('HSTRLEN', key(batch, 'payloads'), payload)
  local is_small = 0 < bytes and bytes <= {INLINE_BYTES}
  return {{
    is_small and redis.call('HGET', key(batch, 'payloads'), payload) or '',
    bytes,
    redis.call('GET', key(batch, 'judged')) or '',
    tostring(tonumber(known[2]) - now()),
    tostring(now() - tonumber(known[3] or now())),
    queue,
    known[4] or '{{}}',
    known[5] or '',
    filled > 0 and filled >= redis.call('ZCARD', SERVING .. lane) and 1 or 0
  }}
end
"""

TAKE = (
    _TAKING
    + """
-- batch, chunk, worker -> as above
redis.call('ZREM', IDLE, ARGV[3])
return take(ARGV[1], ARGV[2], ARGV[3], false)
"""
)

CARRIED_BYTES = 4096
"""The most of verdicts that go along with the notice of them."""

_DELIVERING = f"""
-- Which of the verdicts whose bits are set in `marks` are new, going by those that were there in
-- `found`: a truth value for each, in their order; and how many of the new ones are programs'.
local function compared(batch, start, marks, found, code_from, any_handed_over)
  local is_new, code = {{}}, 0
  for n = 1, #marks do
    local given, had = string.byte(marks, n), string.byte(found, n) or 0
    for of = 0, 7 do
      local mark = bit.rshift(128, of)
      if bit.band(given, mark) ~= 0 then
        local new, place = bit.band(had, mark) == 0, 8 * (start + n - 1) + of
        is_new[#is_new + 1] = new
        if new and (place >= code_from or any_handed_over
          and redis.call('SISMEMBER', key(batch, 'handed-over'), place) == 1) then
          code = code + 1
        end
      end
    end
  end
  return is_new, code
end

-- Count the verdicts in `lines`, `given` of them, one a line, where there are none yet: those of
-- the places whose bits are set in `marks`, a piece of a bitmap over the batch from its byte
-- `start` on, in their order. `done` is the chunk that ends with them, or ''.
local function deliver(batch, done, start, marks, given, lines)
  local known = redis.call('HMGET', key(batch), 'code_from', 'queue')
  local code_from = tonumber(known[1] or nil)
  if code_from and marks ~= '' then
    -- The bytes are read and written at once: a command for each verdict would take as long as all
    -- else. As a rule nothing was there, and all of it is of one kind.
    local found = redis.call('GETRANGE', key(batch, 'judged'), start, start + #marks - 1)
    local any_handed_over = redis.call('EXISTS', key(batch, 'handed-over')) == 1
    local bytes, any_known = {{}}, false
    for n = 1, #marks do
      local had = string.byte(found, n) or 0
      bytes[n] = bit.bor(string.byte(marks, n), had)
      if bytes[n] ~= had + string.byte(marks, n) then any_known = true end
    end
    redis.call('SETRANGE', key(batch, 'judged'), start, string.char(unpack(bytes)))
    local new, code = given, 8 * start >= code_from and given or 0
    if any_known or any_handed_over or code == 0 and 8 * (start + #marks) > code_from then
      local is_new
      is_new, code = compared(batch, start, marks, found, code_from, any_handed_over)
      local kept, n = {{}}, 0
      for line in string.gmatch(lines, '[^\\n]+') do
        n = n + 1
        if is_new[n] then kept[#kept + 1] = line end
      end
      new, lines = #kept, table.concat(kept, '\\n')
      if new < given then count('duplicates', given - new) end
    end
    if new > 0 then
      local listed = redis.call('RPUSH', key(batch, 'results'), lines)
      if listed == 1 then
        local rest = redis.call('TTL', key(batch))
        redis.call('EXPIRE', key(batch, 'judged'), rest)
        redis.call('EXPIRE', key(batch, 'results'), rest)
      end
      if redis.call('HEXISTS', UNJUDGED, batch) == 1 then
        if code > 0 then redis.call('HINCRBY', UNJUDGED_CODE, batch, -code) end -- '-0' is no number
        if redis.call('HINCRBY', UNJUDGED, batch, -new) <= 0 then close(batch) end
      end
      local carried = #lines <= {CARRIED_BYTES} and '\\n' .. lines or ''
      redis.call('PUBLISH', '{names.NEWS}', batch .. ' ' .. listed .. carried)
    end
  end
  if done ~= '' then
    if redis.call('ZREM', LEASES, job(batch, done)) == 1 then
      rq_ended(job(batch, done), kind_of(done) .. '-' .. (known[2] or QUEUES[1]), 'finished')
    end
  end
end
"""

DELIVER = (
    _DELIVERING
    + """
-- batch, start, marks, how many verdicts, these
deliver(ARGV[1], '', tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), ARGV[5])
"""
)

TURN = (
    _TAKING
    + _DELIVERING
    + f"""
-- batch, chunk that is done or '', start, marks, how many verdicts, these, worker, batch and chunk
-- with which it goes on meanwhile or '', lane...
-- Delivers, and -> the first job of the first of these lanes that has one, then what `take` says of
-- it; {{job}} where it is none of ours; nil where nothing waits, or where the worker goes on with
-- another one and this may be the next of a worker that has none
local worker, goes_on = ARGV[7], ARGV[9] ~= ''

local function next_of(lane)
  local queue = '{names.rq_key("")}' .. lane
  local filled = goes_on and redis.call('LLEN', queue) or 0
  if filled > 0 and filled < redis.call('ZCARD', SERVING .. lane) then return nil, true end
  local found = redis.call('LPOP', queue)
  while found do
    local batch, chunk, tries = string.match(found, '^(%x+)_(%l+%-%d+%-%d+%-%d+%-(%d))$')
    if not batch or #batch ~= 32 then return {{found}} end
    if goes_on and tries ~= '0' then -- what cost a worker is begun by who takes it, or not taken
      redis.call('LPUSH', queue, found)
      return nil, true
    end
    local taken = take(batch, chunk, worker, goes_on)
    if taken then return {{found, unpack(taken)}} end
    found = redis.call('LPOP', queue)
  end
end

deliver(ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5]), ARGV[6])
if goes_on and redis.call('ZSCORE', LEASES, job(ARGV[8], ARGV[9])) then
  rq_started(job(ARGV[8], ARGV[9]), lane_of(ARGV[8], ARGV[9]), worker, rest_of(ARGV[8]))
end
for i = 10, #ARGV do
  local found, is_enough = next_of(ARGV[i])
  if found or is_enough then
    if not goes_on and #found == 1 then rq_idle(worker) end
    return found
  end
end
if not goes_on then
  rq_idle(worker)
  if #ARGV >= 10 then redis.call('ZADD', IDLE, now(), worker) end
end
"""
)

REPLACE = """
-- batch, chunk, 'held' or 'lost', chunk to keep the lease for or '', 'front' or 'back' of the
-- queue, chunk to send instead...
-- -> whether it goes on: not where nobody waits for it, the lease is gone, or, for a lost one,
-- renewed meanwhile
local batch, chunk, keep = ARGV[1], ARGV[2], ARGV[4]
local leased = redis.call('ZSCORE', LEASES, job(batch, chunk))
if not leased or (ARGV[3] == 'lost' and tonumber(leased) > now()) then return 0 end
redis.call('ZREM', LEASES, job(batch, chunk))
local failed = ARGV[3] == 'lost' and wanted(batch)
local worker = rq_ended(job(batch, chunk), lane_of(batch, chunk), failed and 'failed' or '')
if worker then rq_idle(worker) end
-- A worker that said since that it lives left it on purpose: nobody waits for it.
local heard = worker and tonumber(redis.call('ZSCORE', WORKERS, worker) or 0) or 0
if ARGV[3] == 'lost' and heard < tonumber(leased) - LEASE_S + HEARTBEAT_S / 2 then
  count('leases_lost|' .. words_of(batch, chunk))
end
if not wanted(batch) then return 0 end
if keep ~= '' then
  rq_queued(job(batch, keep), lane_of(batch, keep), batch, keep, rest_of(batch))
  if worker then rq_started(job(batch, keep), lane_of(batch, keep), worker, rest_of(batch)) end
  redis.call('ZADD', LEASES, leased, job(batch, keep))
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
-- and submits it again -> whether anybody waits
local batch, chunk = ARGV[1], ARGV[2]
local was_wanted = wanted(batch)
if redis.call('ZREM', LEASES, job(batch, chunk)) == 0 then return 0 end
local worker = rq_ended(job(batch, chunk), lane_of(batch, chunk), 'failed')
if worker then rq_idle(worker) end
close(batch)
return was_wanted and 1 or 0
"""
