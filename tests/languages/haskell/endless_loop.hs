-- expect: time_limit
main = loop 0 where loop n = if n < 0 then print n else loop (n * 0)
