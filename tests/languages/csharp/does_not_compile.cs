// expect: compile_error
class Sum { static void Main() { int x = ; } }
