// expect: nonzero_exit
module fails; initial $fatal(1, "fails"); endmodule
