(* expect: compile_error *)
let () = print_int "1"
