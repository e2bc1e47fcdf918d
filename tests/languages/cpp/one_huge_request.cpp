// expect: memory_limit
#include <vector>

int main() {
    std::vector<int> bomb(1u << 31);
    return bomb[7];
}
