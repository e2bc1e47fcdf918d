// expect: nonzero_exit
fn main() {
    let most: u8 = std::env::args().count() as u8 + 254;
    println!("{}", most + 1);
}
