! expect: nonzero_exit
stop 3
end
