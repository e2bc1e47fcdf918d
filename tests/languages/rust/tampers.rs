// expect: ok
// stdout: "clean\n"
// runs: 3
use std::fs;

fn main() {
    let found = fs::read_dir("/tmp").unwrap().count() + fs::read_dir("/dev/shm").unwrap().count();
    println!("{}", if found > 0 { "found something" } else { "clean" });
    for way in ["/proc/self/exe", "/proc/self/fd/3", "/tmp/main", "/dev/shm/left"] {
        let _ = fs::write(way, "#!/bin/sh\necho altered\n");
    }
    fs::create_dir_all("/tmp/deep/er").unwrap();
}
