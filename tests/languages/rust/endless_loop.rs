// expect: time_limit
fn main() {
    let mut i: u64 = 0;
    loop {
        i = unsafe { std::ptr::read_volatile(&i) }.wrapping_add(1);
    }
}
