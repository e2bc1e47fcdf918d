"""Chunks at workers: taken, their results delivered, others sent in their place."""

from __future__ import annotations

from verifier.dispatch.redis_backend import names

_TAKING = """
-- A chunk for a worker -> {payload, judged bitmap, seconds left, waited, queue, about, owner},
-- or nil where it is not to be run (any more).
local function take(batch, chunk, worker)
  local known = redis.call('HMGET', key(batch), 'queue', 'deadline', 'since', 'about', 'owner',
    'closed')
  local queue = known[1] or QUEUES[1]
  local lane = kind_of(chunk) .. '-' .. queue
  redis.call('ZREM', SENT, job(batch, chunk))
  feed(kind_of(chunk), queue) -- in its place in the queue
  local leased = redis.call('ZSCORE', LEASES, job(batch, chunk))
  if leased and tonumber(leased) > now() then return nil end
  local is_wanted = known[6] == '0' and tonumber(known[2]) > now()
  if redis.call('SISMEMBER', key(batch, 'out'), chunk) == 0 or not is_wanted then
    redis.call('SREM', key(batch, 'out'), chunk)
    rq_ended(job(batch, chunk), lane, '')
    return nil
  end
  redis.call('ZADD', LEASES, now() + LEASE_S, job(batch, chunk))
  rq_started(job(batch, chunk), lane, worker, rest_of(batch))
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

CARRIED_BYTES = 4096
"""The most of verdicts that go along with the notice of them."""

_DELIVERING = f"""
-- Count the verdicts in `lines`, one a line, where there are none yet: those of the places whose
-- bits are set in `marks`, a piece of a bitmap over the batch from its byte `start` on, in their
-- order. `done` is the chunk that ends with them, or ''.
local function deliver(batch, done, start, marks, lines)
  local code_from = tonumber(redis.call('HGET', key(batch), 'code_from') or nil)
  if code_from and marks ~= '' then
    -- The bytes are read and written at once: a command for each verdict would take as long as all
    -- else.
    local found = redis.call('GETRANGE', key(batch, 'judged'), start, start + #marks - 1)
    local any_handed_over = redis.call('EXISTS', key(batch, 'handed-over')) == 1
    local bytes, is_new, new, code = {{}}, {{}}, 0, 0
    for n = 1, #marks do
      local given, had = string.byte(marks, n), string.byte(found, n) or 0
      bytes[n] = bit.bor(given, had)
      for of = 0, 7 do
        local mark = bit.rshift(128, of)
        if bit.band(given, mark) ~= 0 then
          is_new[#is_new + 1] = bit.band(had, mark) == 0
          if is_new[#is_new] then
            local place = 8 * (start + n - 1) + of
            new = new + 1
            if place >= code_from or any_handed_over
              and redis.call('SISMEMBER', key(batch, 'handed-over'), place) == 1 then
              code = code + 1
            end
          end
        end
      end
    end
    redis.call('SETRANGE', key(batch, 'judged'), start, string.char(unpack(bytes)))
    if new < #is_new then
      count('duplicates', #is_new - new)
      local kept, n = {{}}, 0
      for line in string.gmatch(lines, '[^\\n]+') do
        n = n + 1
        if is_new[n] then kept[#kept + 1] = line end
      end
      lines = table.concat(kept, '\\n')
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
    redis.call('SREM', key(batch, 'out'), done)
    if redis.call('ZREM', LEASES, job(batch, done)) == 1 then
      rq_ended(job(batch, done), lane_of(batch, done), 'finished')
    end
  end
end
"""

DELIVER = (
    _DELIVERING
    + """
-- batch, chunk that is done or '', start, marks, lines
deliver(ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5])
"""
)

TURN = (
    _TAKING
    + _DELIVERING
    + f"""
-- batch, chunk that is done or '', start, marks, lines, worker, lane...
-- Delivers, and -> the first job of the first of these lanes that has one, then what `take` says of
-- it; {{job}} where it is none of ours; nil where nothing waits
deliver(ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5])
for i = 7, #ARGV do
  local found = redis.call('LPOP', '{names.rq_key("")}' .. ARGV[i])
  while found do
    local batch, chunk = string.match(found, '^(%x+)_(%l+%-%d+%-%d+%-%d+%-%d)$')
    if not batch or #batch ~= 32 then return {{found}} end
    local taken = take(batch, chunk, ARGV[6])
    if taken then return {{found, unpack(taken)}} end
    found = redis.call('LPOP', '{names.rq_key("")}' .. ARGV[i])
  end
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
redis.call('SREM', key(batch, 'out'), chunk)
local worker = redis.call('HGET', 'rq:job:' .. job(batch, chunk), 'worker_name')
local failed = ARGV[3] == 'lost' and wanted(batch)
rq_ended(job(batch, chunk), lane_of(batch, chunk), failed and 'failed' or '')
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
rq_ended(job(batch, chunk), lane_of(batch, chunk), 'failed')
close(batch)
"""
