// expect: compile_error
void main() { int x = ; }
