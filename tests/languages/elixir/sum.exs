# expect: ok
# stdin: "1 2\n"
# stdout: "3\n"
IO.read(:stdio, :line) |> String.split() |> Enum.map(&String.to_integer/1) |> Enum.sum() |> IO.puts()
