// expect: compile_error
fun main() { val x: = 1 }
