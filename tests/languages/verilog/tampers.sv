// expect: ok
// stdout: "clean\n"
// runs: 3
module tampers; integer f, g; initial begin f = $fopen("/tmp/left", "r"); g = $fopen("/dev/shm/left", "r"); if (f == 0 && g == 0) $display("clean"); else $display("found"); f = $fopen("/proc/self/fd/3", "w"); f = $fopen("/tmp/left", "w"); f = $fopen("/dev/shm/left", "w"); $finish(0); end endmodule
