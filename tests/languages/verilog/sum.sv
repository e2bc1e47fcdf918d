// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
module sum; integer a, b, n; initial begin n = $fscanf(32'h8000_0000, "%d %d", a, b); $display("%0d", a + b); $finish(0); end endmodule
