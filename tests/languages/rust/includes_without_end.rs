// expect: compile_error
static ALL: &[u8] = include_bytes!("/dev/zero");
fn main() { println!("{}", ALL.len()); }
