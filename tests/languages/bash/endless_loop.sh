# expect: time_limit
while :; do :; done
