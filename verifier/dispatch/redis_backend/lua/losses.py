"""What is lost: leases that ended, jobs that are in no queue; and who looks for it."""

from __future__ import annotations

from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.chunk_id import MAX_TRIES

REAP = (
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
for _, lane in ipairs(LANES) do not_later(SERVING .. lane, now()) end
local silent = now() - tonumber(ARGV[1])
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', WORKERS, '-inf', silent)) do
  rq_gone(worker)
  redis.call('ZREM', IDLE, worker)
end
redis.call('ZREMRANGEBYSCORE', WORKERS, '-inf', silent)
rq_tidy()
for _, lane in ipairs(LANES) do
  redis.call('ZREMRANGEBYSCORE', SERVING .. lane, '-inf', silent)
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
if wanted(ARGV[1]) then
  send(ARGV[1], ARGV[2], true)
else
  rq_ended(job(ARGV[1], ARGV[2]), lane_of(ARGV[1], ARGV[2]), '')
end
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
