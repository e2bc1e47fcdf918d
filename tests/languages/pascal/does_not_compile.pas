// expect: compile_error
begin writeln( end.
