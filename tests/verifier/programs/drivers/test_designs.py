"""What a design in Verilog may have: its ports, and nothing of its test bench."""

import pytest

from verifier.programs.drivers.designs import refusal

BENCH = """
`timescale 1 ps/1 ps
module reference_module (input a, output y); assign y = ~a; endmodule
module tb();
    int errors; wire a, y; // a comment about wires
    task settle; #1; endtask
    initial begin : driving  settle; end
    reference_module good1 (.a, .y);
    top_module dut1 (.a, .y);
endmodule
"""


@pytest.mark.parametrize(
    "source",
    [
        "assign y = ~a; // tb.errors = 0; $finish;\nendmodule",
        "/* $display */ assign y = $signed(a) + 1'b1; endmodule",
        "wire [3:0] n; sub s1 (.a(a), .y(y)); endmodule module sub (input a, output y);",
        "`define IDLE 2'b00 // at rest\nreg [1:0] state = `IDLE; endmodule",
        "`timescale 1ns/1ps\n#0.5 y = 1.5;",
        "typedef struct packed { logic x; } pair; pair p; assign y = p.x;",
        'parameter NAME = "$finish tb.errors";',
        "genvar i; generate for (i = 0; i < 2; i++) begin : g wire w; end assign y = g[0].w;",
    ],
)
def test_a_circuit_is_simulated(source: str) -> None:
    assert refusal(source, BENCH) is None


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('initial $display("Mismatches: 0 in 9 samples");', "`$display`"),
        ("initial begin #5 $finish; end", "`$finish`"),
        ("initial $ finish;", "`$finish`"),
        ("initial $root.tb.errors = 0;", "`$root`"),
        ("`define D $\ninitial `D``finish;", "`$"),
        ("`define D finish()\n", "macros must be constants"),
        ('`include "/etc/passwd"', "`include"),
        ("assign y = `OK;", "`OK"),
        ("initial tb.errors = 0;", "tb"),
        ("initial tb /* no path */ . errors = 0;", "tb"),
        ("`define T dut1\ninitial `T.y = 0;", "a macro"),
        ("initial dut1[x[0]].y = 1;", "path"),
        ("reference_module r (.a(a), .y(y));", "reference_module"),
        ("initial settle;", "settle"),
        ("initial disable driving;", "driving"),
        ("initial force y = 1;", "force"),
        ("wire \\a// ; $finish; ", "escaped names"),
        ('initial x = "open;\n$finish; // "', "open strings"),
    ],
)
def test_what_speaks_or_reaches_out_is_refused(source: str, says: str) -> None:
    assert says in str(refusal(source, BENCH))
