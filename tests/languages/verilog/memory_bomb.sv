// expect: memory_limit
module bomb; reg [7:0] all[]; initial begin all = new[1 << 29]; for (integer i = 0; i < (1 << 29); i = i + 1) all[i] = 1; end endmodule
