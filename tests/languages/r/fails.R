# expect: nonzero_exit
quit(status = 3)
