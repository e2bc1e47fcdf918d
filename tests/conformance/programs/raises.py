# expect: nonzero_exit
raise ValueError("on purpose")
