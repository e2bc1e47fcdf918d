# expect: time_limit
repeat {}
