(* expect: memory_limit *)
let all = ref []
let () = while true do all := Bytes.make (1 lsl 22) 'x' :: !all done
