"""Java and what else runs on its virtual machine, JUnit among it."""

from __future__ import annotations

from sandbox.languages.language import COMMANDS, LIBRARIES, PRODUCT, Language

_JAVA = ("java", "-ea", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx{memory_mib}m", "-Xss64m")
_JAVA_TEXT = ("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8")
_JARS = "/usr/share/java"
_SCALA_LIBRARY = f"{_JARS}/scala-library.jar"
_KOTLIN_LIBRARY = f"{_JARS}/kotlin-stdlib.jar:{_JARS}/kotlin-script-runtime.jar"
_SCALA_COMPILER = ":".join(
    f"{_JARS}/{name}.jar"
    for name in ("scala-library", "scala-compiler", "scala-reflect", "scala-xml", "jline2")
)
_KOTLIN_ENVIRONMENT = {
    "JAVA_OPTS": "-Xmx768m -Xss16m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"
}
_KOTLIN_LAUNCH = """
fun main(arguments: Array<String>) {
    try {
        Class.forName("Main").getConstructor(Array<String>::class.java).newInstance(arguments)
    } catch (error: java.lang.reflect.InvocationTargetException) {
        throw error.targetException
    }
}
"""
_KOTLIN_SCRIPT_COMPILE = """
printf '%s' "$1" > launch.kt
exec kotlinc -nowarn -d classes main.kts launch.kt
"""
_VIRTUAL_MACHINE = (*COMMANDS, *LIBRARIES, "/usr/lib/jvm", "/etc/java*", _JARS)
_JUNIT_JARS = ":".join(
    f"{_JARS}/{name}.jar"
    for name in (
        *("junit-jupiter-api", "junit-jupiter-engine", "junit-jupiter-params"),
        *("junit-platform-commons", "junit-platform-console", "junit-platform-engine"),
        *("junit-platform-launcher", "junit-platform-reporting", "junit4", "assertj-core"),
        *("opentest4j", "apiguardian-api", "picocli", "univocity-parsers", "javatuples"),
        *("hamcrest", "byte-buddy"),
    )
)

JVM = (
    Language(
        name="java",
        tags=frozenset({"java"}),
        hello='class A { public static void main(String[] b) { System.out.println("hello"); } }\n',
        file="{name}.java",
        compile=(
            *("javac", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1"),
            *("-nowarn", "-proc:none", "-encoding", "UTF-8", "-cp", f".:{_JARS}/javatuples.jar"),
            *("-d", "classes", "{name}.java"),
        ),
        product="classes",
        shows_compiler=True,
        run=(*(*_JAVA, *_JAVA_TEXT, "-cp", f"{PRODUCT}:{_JARS}/javatuples.jar", "{name}"),),
        # The class that stands at the left margin above the first `void main`.
        naming=r"^(?:\w+ )*(?:class|enum|record|interface) (\w+)|\bvoid\s+main\b",
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("openjdk-17-jdk-headless", "libjavatuples-java"),
        paths=_VIRTUAL_MACHINE,
    ),
    Language(
        name="scala",
        tags=frozenset({"scala"}),
        hello='object A { def main(arguments: Array[String]): Unit = println("hello") }',
        file="main.scala",
        compile=(
            *("sh", "-c", 'mkdir classes && exec "$@"', "sh"),
            *("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
            *("-Xss16m", "-Xmx768m", "-cp", _SCALA_COMPILER),
            *("scala.tools.nsc.Main", "-usejavacp", "-nowarn", "-d", "classes", "main.scala"),
        ),
        product="classes",
        shows_compiler=True,
        run=(*_JAVA, *_JAVA_TEXT, "-cp", f"{PRODUCT}:{_SCALA_LIBRARY}", "{name}"),
        naming=r"^ *(?:case )?object (\w+)|\bdef\s+main\b",
        compile_factor=2.0,
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/share/java/scala-compiler.jar",
        packages=("scala",),
        paths=(*_VIRTUAL_MACHINE, "/usr/share/scala*"),
    ),
    Language(
        name="kotlin",
        tags=frozenset({"kotlin", "kt"}),
        hello='fun main() { println("hello") }',
        file="main.kt",
        compile=("kotlinc", "-nowarn", "-d", "classes", "main.kt"),
        product="classes",
        shows_compiler=True,
        run=(*_JAVA, *_JAVA_TEXT, "-cp", f"{PRODUCT}:{_KOTLIN_LIBRARY}", "MainKt"),
        environment=_KOTLIN_ENVIRONMENT,
        compile_factor=3.0,
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("kotlin",),
        paths=(*_VIRTUAL_MACHINE, "/usr/share/kotlin*"),
    ),
    Language(
        name="kotlin_script",
        tags=frozenset({"kotlin_script", "kts"}),
        base="kotlin",
        hello='println("hello")',
        file="main.kts",
        compile=("sh", "-c", _KOTLIN_SCRIPT_COMPILE, "sh", _KOTLIN_LAUNCH),
        product="classes",
        run=(*_JAVA, *_JAVA_TEXT, "-cp", f"{PRODUCT}:{_KOTLIN_LIBRARY}", "LaunchKt"),
        environment=_KOTLIN_ENVIRONMENT,
        compile_factor=3.0,
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/bin/kotlinc",
        packages=("kotlin",),
        paths=(*_VIRTUAL_MACHINE, "/usr/share/kotlin*"),
    ),
    Language(
        name="junit",
        tags=frozenset({"junit"}),
        base="java",
        hello=(
            "import org.junit.jupiter.api.Test;\nclass ATest {\n"
            '  @Test void passes() { System.out.println("hello"); }\n}\n'
        ),
        file="{name}.java",
        compile=(
            *(
                "sh",
                "-c",
                'for jar in *.jar; do jars="$jars:$jar"; done; exec "$0" "$@" $(ls *.java)',
            ),
            *("javac", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-nowarn", "-proc:none"),
            *("-encoding", "UTF-8", "-cp", f".:{_JUNIT_JARS}", "-d", "classes"),
        ),
        product="classes",
        shows_compiler=True,
        run=(
            *("sh", "-c", 'cp "$0" tests.jar && exec "$@"', PRODUCT),
            *(*_JAVA, *_JAVA_TEXT, "-cp", f"{_JUNIT_JARS}:tests.jar"),
            *("org.junit.platform.console.ConsoleLauncher", "--disable-banner"),
            *("--disable-ansi-colors", "--scan-class-path=tests.jar", "--include-classname=.*"),
        ),
        naming=r"^ *public (?:\w+ )*(?:class|enum|record|interface) (\w+)",
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/share/java/junit-jupiter-api.jar",
        packages=(
            *("openjdk-17-jdk-headless", "junit5", "libassertj-core-java", "libjavatuples-java"),
            *("libbyte-buddy-java", "libhamcrest-java"),
        ),
        paths=(*_VIRTUAL_MACHINE, "/usr/share/maven-repo"),
    ),
)
