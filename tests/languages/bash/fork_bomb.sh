# expect: time_limit | nonzero_exit | memory_limit
bomb() { bomb | bomb & }
bomb
while :; do :; done
