(* expect: time_limit *)
let () = while true do () done
