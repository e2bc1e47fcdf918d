-- expect: compile_error
main = putStrLn (
