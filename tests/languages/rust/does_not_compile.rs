// expect: compile_error
// message: "mismatched types"
fn main() {
    let x: i32 = "text";
}
