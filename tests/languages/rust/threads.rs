// expect: ok
// stdout: "6\n"
fn main() {
    let threads: Vec<_> = (0..4).map(|n| std::thread::spawn(move || n)).collect();
    println!("{}", threads.into_iter().map(|thread| thread.join().unwrap()).sum::<i32>());
}
