"""C#, as programs for .NET are written today, compiled and run by Mono."""

from __future__ import annotations

from sandbox.languages.language import COMMANDS, LIBRARIES, PRODUCT, Language

# Programs for C# are written for .NET today, which brings these along. A failed `Debug.Assert` ends
# a program there.
_CSHARP_USINGS = " ".join(
    f"using {name};"
    for name in (
        *("System", "System.Collections.Generic", "System.IO", "System.Linq"),
        *("System.Threading", "System.Threading.Tasks"),
    )
)
_CSHARP_LAUNCH = """
static class LaunchedByTheSandbox
{
    class Failing : System.Diagnostics.DefaultTraceListener
    {
        public override void Fail(string message) { Fail(message, null); }
        public override void Fail(string message, string more)
        {
            System.Console.Error.WriteLine("Assertion failed: " + message + " " + more);
            System.Console.Error.WriteLine(System.Environment.StackTrace);
            System.Console.Out.Flush();
            System.Environment.Exit(134);
        }
    }

    static int Main(string[] arguments)
    {
        System.Diagnostics.Debug.Listeners.Clear();
        System.Diagnostics.Debug.Listeners.Add(new Failing());
        var own = typeof(LaunchedByTheSandbox);
        foreach (var type in own.Assembly.GetTypes())
        {
            if (type == own) continue;
            var main = type.GetMethod("Main", (System.Reflection.BindingFlags) 0x3A);
            if (main == null || !main.IsStatic || main.ContainsGenericParameters) continue;
            var given = main.GetParameters().Length == 0 ? null : new object[] {arguments};
            object made;
            try { made = main.Invoke(null, given); }
            catch (System.Reflection.TargetInvocationException error)
            {
                System.Console.Error.WriteLine("Unhandled exception. " + error.InnerException);
                System.Console.Out.Flush();
                return 134;
            }
            var task = made as System.Threading.Tasks.Task;
            if (task != null) task.Wait();
            return made is int ? (int) made : 0;
        }
        System.Console.Error.WriteLine("The program has no Main.");
        return 1;
    }
}
"""
# What programs for .NET say of null and Mono's compiler does not know; it changes nothing.
_CSHARP_WITHOUT_NULLABLE = r"""
s{
    ( \$? @ \$? "(?:""|[^"])*" | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+' | //[^\n]* | /\*.*?\*/ )
    | \b (?<! \bis\s) (string|object) \? (?= [\s\[,>)] )
    | (?<= [)\]\w] ) ! (?= \s* [.;,)\[\]\}+*/<>?:&|-] )
    | ^ [ \t]* \#nullable \b [^\n]*
}{ $1 // $2 }gsmex
"""
_CSHARP_COMPILE = """
{ printf '%s ' "$1"; perl -0777 -pe "$3" main.cs; } > program.cs && printf '%s' "$2" > launch.cs &&
exec mcs -nologo -warn:0 -optimize+ -d:DEBUG -d:TRACE -langversion:latest -r:System.Numerics \
-main:LaunchedByTheSandbox -out:main.exe program.cs launch.cs
"""

CSHARP = (
    Language(
        name="csharp",
        tags=frozenset({"csharp", "c#", "cs"}),
        hello='class A { static void Main() { Console.WriteLine("hello"); } }',
        file="main.cs",
        compile=(
            *("sh", "-c", _CSHARP_COMPILE, "sh"),
            *(_CSHARP_USINGS, _CSHARP_LAUNCH, _CSHARP_WITHOUT_NULLABLE),
        ),
        product="main.exe",
        run=("mono", PRODUCT),
        environment={"MONO_DISABLE_SHARED_AREA": "1"},
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/bin/mcs",
        packages=(
            *("mono-mcs", "mono-runtime"),
            *("libmono-system-core4.0-cil", "libmono-system-numerics4.0-cil"),
        ),
        paths=(*COMMANDS, *LIBRARIES, "/usr/lib/mono", "/etc/mono"),
    ),
)
