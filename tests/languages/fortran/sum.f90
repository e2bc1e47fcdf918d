! expect: ok
! stdin: "1 2\n"
! stdout: "3\n"
integer :: a, b
read *, a, b
print "(i0)", a + b
end
