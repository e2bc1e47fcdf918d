// expect: memory_limit
#include <vector>

int main() {
    std::vector<std::vector<int>> bomb;
    for (;;) bomb.emplace_back(1 << 20, 1);
}
