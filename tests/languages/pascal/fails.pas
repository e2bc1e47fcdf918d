// expect: nonzero_exit
begin halt(3) end.
