(* expect: nonzero_exit *)
let () = exit 3
