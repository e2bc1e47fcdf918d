"""What RQ's own tools read of workers and jobs, as Lua for the scripts that move a chunk anyway: so
`rq info`, rq-dashboard and rq-exporter tell what is, and no round trip is made for them."""

from __future__ import annotations

from verifier.dispatch.redis_backend import names

WORKER_TTL_S = 30
"""After which RQ forgets a worker that died together with every reaper."""
ENDED_TTL_S = 30
"""For how long a job that ended is listed, as finished or failed."""
FUNCTION = "judge-chunk"
"""What a job is said to call, as rq-dashboard shows it. It is never read here: a chunk's name says
all there is to know. It is written as a pickle of protocol 0, as tools of RQ take no other form of
a worker's current job, whatever serializer they are told of."""

LUA = f"""
-- This moment in RQ's form.
local NOW_WRITTEN
local function now_written()
  if NOW_WRITTEN then return NOW_WRITTEN end
  local time = now()
  local day = math.floor(time / 86400)
  local z = day + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524)
    - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local second = time - day * 86400
  NOW_WRITTEN = string.format('%04d-%02d-%02dT%02d:%02d:%09.6fZ',
    yoe + era * 400 + (month < 3 and 1 or 0), month, doy - math.floor((153 * mp + 2) / 5) + 1,
    math.floor(second / 3600), math.floor(second / 60) % 60,
    math.floor(second % 60 * 1000000) / 1000000)
  return NOW_WRITTEN
end

local function rq_queue_of(lane) return '{names.rq_queue("")}' .. lane end

-- A job of `lane`, for `rest` seconds at most.
local function rq_queued(job, lane, batch, chunk, rest)
  local time = now_written()
  redis.call('HSET', 'rq:job:' .. job,
    'data', '(V{FUNCTION}\\nN(lV' .. batch .. '\\naV' .. chunk .. '\\na(dt.',
    'origin', rq_queue_of(lane), 'status', 'queued', 'created_at', time, 'enqueued_at', time,
    'description', 'chunk ' .. chunk .. ' of ' .. batch)
  redis.call('EXPIRE', 'rq:job:' .. job, rest)
end

-- A worker has begun with it. What of this has no time to live goes with the lease or the worker.
local function rq_started(job, lane, worker, rest)
  local execution, time = job .. ':' .. worker, now()
  redis.call('HSET', 'rq:job:' .. job, 'status', 'started', 'worker_name', worker,
    'started_at', now_written())
  redis.call('HSET', 'rq:execution:' .. execution, 'id', worker, 'job_id', job,
    'created_at', time, 'last_heartbeat', time, 'worker_name', worker)
  redis.call('ZADD', 'rq:wip:' .. rq_queue_of(lane), time + rest, execution)
  redis.call('SADD', 'rq:worker:' .. worker .. ':executions', execution)
  -- Tools of RQ 2 read the current job here.
  redis.call('HSET', 'rq:worker:' .. worker, 'state', 'busy', 'current_job', job)
end

-- It has none now.
local function rq_idle(worker)
  if redis.call('EXISTS', 'rq:worker:' .. worker) == 1 then
    redis.call('HSET', 'rq:worker:' .. worker, 'state', 'idle')
    redis.call('HDEL', 'rq:worker:' .. worker, 'current_job')
  end
end

-- It is through with it: 'finished', 'failed', or '' where the job is gone without either.
-- -> the worker, where it had begun
local function rq_ended(job, lane, outcome)
  local record = 'rq:job:' .. job
  local worker = redis.call('HGET', record, 'worker_name')
  if not worker or outcome == '' then
    redis.call('DEL', record)
  else
    redis.call('HSET', record, 'status', outcome, 'ended_at', now_written())
    redis.call('EXPIRE', record, {ENDED_TTL_S})
    redis.call('ZADD', 'rq:' .. outcome .. ':' .. rq_queue_of(lane), now() + {ENDED_TTL_S}, job)
  end
  if not worker then return nil end
  local execution = job .. ':' .. worker
  redis.call('DEL', 'rq:execution:' .. execution)
  redis.call('ZREM', 'rq:wip:' .. rq_queue_of(lane), execution)
  redis.call('SREM', 'rq:worker:' .. worker .. ':executions', execution)
  if outcome ~= '' and redis.call('EXISTS', 'rq:worker:' .. worker) == 1 then
    local count = outcome == 'failed' and 'failed_job_count' or 'successful_job_count'
    redis.call('HINCRBY', 'rq:worker:' .. worker, count, 1)
  end
  return worker
end

-- A worker lives; `from` is where in ARGV that begins which it is said to be: name, value...
local function rq_alive(worker, lanes, from)
  local record = 'rq:worker:' .. worker
  redis.call('HSETNX', record, 'state', 'idle')
  redis.call('HSET', record, 'last_heartbeat', now_written(), unpack(ARGV, from))
  redis.call('EXPIRE', record, {WORKER_TTL_S})
  redis.call('EXPIRE', record .. ':executions', {WORKER_TTL_S})
  redis.call('SADD', 'rq:workers', record)
  for _, lane in ipairs(lanes) do
    redis.call('SADD', 'rq:workers:' .. rq_queue_of(lane), record)
  end
end

local function rq_gone(worker)
  local record = 'rq:worker:' .. worker
  for _, execution in ipairs(redis.call('SMEMBERS', record .. ':executions')) do
    redis.call('DEL', 'rq:execution:' .. execution)
  end
  redis.call('DEL', record, record .. ':executions')
  redis.call('SREM', 'rq:workers', record)
  for _, lane in ipairs(LANES) do redis.call('SREM', 'rq:workers:' .. rq_queue_of(lane), record) end
end

-- What ended long ago is listed no more.
local function rq_tidy()
  for _, lane in ipairs(LANES) do
    for _, registry in ipairs({{'finished', 'failed'}}) do
      local listed = 'rq:' .. registry .. ':' .. rq_queue_of(lane)
      redis.call('ZREMRANGEBYSCORE', listed, '-inf', now())
      redis.call('EXPIRE', listed, {ENDED_TTL_S})
    end
  end
end
"""
