! expect: compile_error
integer :: a
a = 
end
