// expect: nonzero_exit
fn main() {
    debug_assert!(std::env::args().count() > 1, "does not hold");
}
