package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.cli.TestCommand;
import net.popbgp.daemon.config.ConfigReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test Connectivity and LAN Monitoring of a site on loopback, asked by the command line (S42). */
class ProbeApiIT {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Daemon daemon;
    private ApiServer api;

    @BeforeEach
    void start() throws Exception {
        Path file = directory.resolve("popbgp.yaml");
        Files.writeString(directory.resolve("key"), "abcdefgh");
        Files.writeString(file, """
                local-as: 65001
                router-id: 10.0.0.1
                api: {listen: "127.0.0.1:0"}
                warm-up: 0s
                sites:
                  - name: nyc
                    md5-key: {file: key}
                    port: 1
                    circuits:
                      - {pop: New York, subnet: 127.0.93.0/30}
                    lan-monitoring:
                      hosts: [{name: dns, address: 127.0.94.4}]
                """);
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file));
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
    }

    @AfterEach
    void stop() {
        api.close();
        daemon.close();
    }

    private int execute(String... arguments) {
        return TestCommand.run(api.port(), out, err, arguments);
    }

    @Test
    void site_test_prints_the_result_with_loss_and_times() {
        boolean ping = Stream.of("/usr/bin/ping", "/bin/ping").anyMatch(each -> Files.isExecutable(Path.of(each)));
        if (!ping) {
            System.out.println("skipped: there is no ping program");
        }
        assumeTrue(ping);

        assertThat(execute("site", "test", "nyc", "primary", "--probes", "2", "--interval", "10ms"))
                .isZero();
        assertThat(out.toString())
                .matches("Success: 2 of 2 probes were answered by 127.0.93.2 from 127.0.93.1\\R"
                        + "loss 0 %, round trip min/avg/max \\d\\.\\d{3}/\\d\\.\\d{3}/\\d\\.\\d{3} ms\\R");
    }

    @Test
    void what_is_not_there_is_an_error_or_unknown() {
        assertThat(execute("site", "test", "nyc", "secondary")).isEqualTo(1);
        assertThat(out.toString())
                .isEqualToIgnoringNewLines("Error: the test was not done: site nyc has no secondary circuit");
        assertThat(execute("site", "test", "nowhere", "primary")).isEqualTo(1);
        assertThat(execute("site", "test", "nyc", "third")).isEqualTo(1);
        assertThat(execute("site", "test", "nyc", "primary", "--probes", "99")).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "there is no site 'nowhere'",
                        "a circuit is primary or secondary, not 'third'",
                        "a test has 1..20 probes, not 99");
    }

    @Test
    void while_the_site_is_disconnected_no_host_is_probed_and_that_is_said() {
        await().untilAsserted(() -> {
            out.getBuffer().setLength(0);
            assertThat(execute("show", "lan-monitoring", "nyc")).isZero();
            assertThat(out.toString().lines().filter(line -> line.contains("not probed: the site is disconnected")))
                    .isNotEmpty();
        });
        assertThat(out.toString()).contains("primary-circuit", "127.0.93.2", "dns", "127.0.94.4", "unknown");
        assertThat(daemon.scrape()).contains("popbgp_monitored_hosts{state=\"unknown\"} 2.0");
    }
}
