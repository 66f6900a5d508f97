package net.popbgp.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NicenessTest {

    /** In a process of its own, for it stays so. Prints the niceness of all threads. */
    static final class Reniced {

        private Reniced() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println("reniced " + (Niceness.set(Niceness.COMPILER, 10) > 0));
            try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
                for (Path thread : threads) {
                    String status = Files.readString(thread.resolve("stat"));
                    String nice = status.substring(status.lastIndexOf(')') + 2).split(" ", -1)[16];
                    System.out.println((status.contains("Compiler") ? "compiler " : "other ") + nice);
                }
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_compiler_gives_way_and_no_other_thread_does() throws Exception {
        Process process = new ProcessBuilder(ChildJvm.main(Reniced.class, List.of()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(lines).contains("reniced true");
        List<Integer> others = nices(lines, "other ");
        assertThat(others).isNotEmpty();
        assertThat(nices(lines, "compiler "))
                .isNotEmpty()
                .allSatisfy(nice -> assertThat(others).allMatch(other -> other < nice));
    }

    @Test
    void nothing_happens_without_such_a_thread() {
        assertThat(Niceness.set(Pattern.compile("no such thread"), 10)).isZero();
    }

    private static List<Integer> nices(List<String> lines, String kind) {
        return lines.stream()
                .filter(line -> line.startsWith(kind))
                .map(line -> Integer.parseInt(line.substring(kind.length())))
                .toList();
    }
}
