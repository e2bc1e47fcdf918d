// expect: memory_limit
fn main() {
    let mut bomb = Vec::new();
    loop {
        bomb.push(vec![1u8; 1 << 20]);
    }
}
