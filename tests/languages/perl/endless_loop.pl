# expect: time_limit
while (1) {}
