// expect: signalled
// stdout: "so far\n"
#include <iostream>
#include <stdexcept>

int main() {
    std::cout << "so far" << std::endl;
    throw std::runtime_error("here");
}
