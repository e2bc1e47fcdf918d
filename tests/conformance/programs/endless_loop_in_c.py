# expect: time_limit
sum(range(10**12))
