// expect: time_limit
module loop; integer i; initial begin i = 0; while (1) i = i + 1; end endmodule
