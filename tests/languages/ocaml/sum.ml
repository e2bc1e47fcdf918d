(* expect: ok *)
(* stdin: "1 2\n" *)
(* stdout: "3\n" *)
let () = Scanf.scanf " %d %d" (fun a b -> Printf.printf "%d\n" (a + b))
