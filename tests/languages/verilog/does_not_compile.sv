// expect: compile_error
module sum; initial begin a = ; end endmodule
