// expect: compile_error
// message: "error: expected"
int main(void) { return 0 }
