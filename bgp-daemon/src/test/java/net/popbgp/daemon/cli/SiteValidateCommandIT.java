package net.popbgp.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.http.ApiServer;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code popbgp site validate} against a daemon that asks the simulator. */
class SiteValidateCommandIT {

    private static final String KEY = "11111111-1111-4111-8111-111111111111";
    private static final String SIM = """
            control: 127.0.0.1:0
            arm: {listen: "127.0.0.1:0", clock-speed: 1000000}
            circuits:
              - {name: er-ny, peering: 127.0.68.0/30, peer-as: 64512, port: 0, passive-only: true,
                 azure: {service-key: 11111111-1111-4111-8111-111111111111, provider-state: NotProvisioned,
                         bandwidth-mbps: 500, family: metered}}
            """;

    @TempDir
    Path directory;

    private Simulator simulator;
    private Daemon daemon;
    private ApiServer api;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(SimConfig.parse(SIM));
        Path file = directory.resolve("popbgp.yaml");
        Files.writeString(
                file, """
                local-as: 64512
                router-id: 10.0.0.1
                api: {listen: "127.0.0.1:0"}
                azure:
                  endpoint: http://127.0.0.1:%d
                  subscription: 00000000-0000-0000-0000-000000000000
                """.formatted(simulator.armAddress().orElseThrow().getPort()));
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file));
        api = new ApiServer(daemon);
        api.start();
    }

    @AfterEach
    void stop() {
        api.close();
        daemon.close();
        simulator.close();
    }

    private String validate(int code, String... arguments) {
        StringWriter out = new StringWriter();
        String[] all = Stream.concat(Stream.of("site", "validate"), Stream.of(arguments))
                .toArray(String[]::new);
        int result = TestCommand.run(api.port(), out, out, all);
        assertThat(result).as(out.toString()).isEqualTo(code);
        return out.toString();
    }

    @Test
    void s40_a_key_is_valid_at_one_pop_and_refused_at_another() {
        assertThat(validate(0, "--service-key", KEY, "--pop", "New York")).isEqualToNormalizingNewlines("""
                11111111-1111-4111-8111-111111111111: valid
                  circuit    er-ny (Standard_MeteredData)
                  provider   Equinix, NotProvisioned
                  location   New York
                  bandwidth  500 Mbit/s
                """);
        assertThat(validate(1, "--service-key", KEY, "--pop", "Ashburn"))
                .startsWith(KEY + ": refused")
                .contains(
                        "  problem    the circuit's peering location is 'New York', PoP 'Ashburn' needs 'Washington DC'");
        assertThat(validate(1, "--service-key", "12", "--pop", "Ashburn"))
                .startsWith("12: refused")
                .contains("  problem    not a service key");
    }

    @Test
    void wrong_usage_is_told() {
        assertThat(validate(1, "nowhere")).startsWith("popbgp: there is no site 'nowhere'");
        assertThat(validate(2, "--service-key", KEY)).contains("--pop");
        assertThat(validate(2)).startsWith("popbgp: ");
        assertThat(validate(2, "nowhere", "--service-key", KEY, "--pop", "x")).contains("mutually exclusive");
    }
}
