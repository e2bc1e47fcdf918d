# expect: time_limit_exceeded
# why: many short naps with a little work between them
import select
while True:
    select.select([], [], [], 0.005)
    sum(range(100))
