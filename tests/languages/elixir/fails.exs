# expect: nonzero_exit
System.halt(3)
