// expect: memory_limit
var block: pointer;
begin while true do begin getmem(block, 1 shl 22); fillchar(block^, 1 shl 22, 1) end end.
