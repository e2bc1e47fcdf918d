// expect: ok
// stdout: "clean\n"
// runs: 3
#include <filesystem>
#include <fstream>
#include <iostream>
namespace fs = std::filesystem;

int main() {
    std::cout << (fs::is_empty("/tmp") && fs::is_empty("/dev/shm") ? "clean" : "found something") << "\n";
    for (auto way : {"/proc/self/exe", "/proc/self/fd/3", "/tmp/main", "/tmp/left", "/dev/shm/left"}) {
        std::ofstream(way, std::ios::trunc) << "#!/bin/sh\necho altered\n";
    }
    fs::create_directory("/tmp/locked");
    fs::permissions("/tmp/locked", fs::perms::none);
}
