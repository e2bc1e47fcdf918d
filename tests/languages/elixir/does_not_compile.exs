# expect: compile_error
IO.puts(
