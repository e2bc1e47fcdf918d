// expect: ok
// stdout: "500000\n"
#include <iostream>

int depth(int n) {
    volatile int here = n;
    return n == 0 ? 0 : 1 + depth(here - 1);
}

int main() { std::cout << depth(500000) << "\n"; }
