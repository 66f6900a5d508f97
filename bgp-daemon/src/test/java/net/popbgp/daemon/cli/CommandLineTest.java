package net.popbgp.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private int execute(String... arguments) {
        return TestCommand.run(out, err, arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "show",
                "show nonsense",
                "peer stop",
                "explain",
                "announce",
                "run",
                "check",
                "show routes --limit x",
                "show peers --api not_a_url"
            })
    void wrong_usage_exits_with_2_and_says_so_on_the_error_output(String arguments) {
        assertThat(execute(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("popbgp: ");
    }

    @Test
    void only_the_subcommand_that_is_called_is_prepared_and_the_help_lists_all() {
        assertThat(PopbgpCommand.commandLine("show", "peers").getSubcommands()).containsOnlyKeys("show");

        assertThat(execute("--help")).isZero();
        assertThat(PopbgpCommand.commandLine().getSubcommands())
                .hasSize(18)
                .allSatisfy((name, command) -> assertThat(out.toString()).contains("\n  " + name + " "));
    }

    @Test
    void no_daemon_exits_with_1_and_one_line() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(execute("show", "peers", "--api", "http://127.0.0.1:" + free))
                .isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.contains("no daemon answers"));
    }

    @Test
    void warm_up_says_how_long_it_took_and_refuses_what_is_no_time() {
        assertThat(execute("warm-up", "--limit", "1s")).isZero();
        assertThat(out.toString()).matches("started in \\d+ ms, warmed up in \\d+ ms with \\d+ routes, the limit\\R");

        assertThat(execute("warm-up", "--limit", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("--limit: not a time with a unit");
    }

    @Test
    void demo_refuses_a_count_of_failovers_that_it_cannot_do() {
        assertThat(execute("demo", "--failovers", "-1")).isEqualTo(2);
        assertThat(err.toString()).contains("--failovers: must be 0..10000, not -1");
    }

    @Test
    void every_command_has_help() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString())
                .contains("run", "check", "show", "explain", "peer", "announce", "withdraw", "reload");
    }

    @Test
    void version_is_printed_as_text_and_as_json() {
        assertThat(execute("version")).isZero();
        assertThat(out.toString()).startsWith("popbgp ");
        assertThat(execute("version", "--json")).isZero();
        assertThat(out.toString()).contains("\"version\"");
    }

    @Test
    void check_lists_all_problems_and_exits_with_2() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.yaml"), "local-as: 0\nrouter-idd: 1.1.1.1\n");

        assertThat(execute("check", "-c", file.toString())).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactlyInAnyOrder(
                        file + ": error: line 1: local-as: out of range 1..4294967295: 0",
                        file + ": error: line 1: 'router-id' is missing",
                        file + ": error: line 2: router-idd: unknown key 'router-idd', did you mean 'router-id'?");
    }

    @Test
    void check_says_that_a_file_is_fine() throws IOException {
        Path file = Files.writeString(directory.resolve("good.yaml"), "local-as: 1\nrouter-id: 1.1.1.1\n");

        assertThat(execute("check", "-c", file.toString())).isZero();
        assertThat(out.toString()).contains("is fine: 0 peers");
        assertThat(execute("check", "--json", "-c", file.toString())).isZero();
        assertThat(out.toString()).contains("\"ok\" : true");
    }

    @Test
    void run_refuses_a_wrong_file_with_2() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.yaml"), "local-as: 0\n");

        assertThat(execute("run", "-c", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("error: ");
    }
}
