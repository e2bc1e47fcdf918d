-- expect: compile_error
local = 1
