// expect: ok
// stdout: "4\n"
#include <atomic>
#include <iostream>
#include <thread>
#include <vector>

int main() {
    std::atomic<int> count = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) threads.emplace_back([&] { count++; });
    for (auto &thread : threads) thread.join();
    std::cout << count << "\n";
}
