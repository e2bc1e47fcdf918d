# expect: time_limit
loop {}
