// expect: compile_error
// message: "was not declared"
#include <iostream>

int main() { std::cout << undeclared; }
