// expect: nonzero_exit
fn main() {
    let empty: Vec<i32> = Vec::new();
    println!("{}", empty[std::env::args().count()]);
}
