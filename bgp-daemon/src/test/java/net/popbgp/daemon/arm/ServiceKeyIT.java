package net.popbgp.daemon.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.popbgp.core.net.Asn;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Service keys for new circuits, validated against the simulator. */
class ServiceKeyIT {

    private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
    private static final String FREE = "11111111-1111-4111-8111-111111111111";
    private static final String YAML = """
            control: 127.0.0.1:0
            arm: {listen: "127.0.0.1:0", token: secret, clock-speed: 1000000}
            circuits:
              - {name: free, peering: 127.0.65.0/30, peer-as: 64512, port: 0, passive-only: true,
                 azure: {service-key: 11111111-1111-4111-8111-111111111111, provider-state: NotProvisioned,
                         bandwidth-mbps: 500}}
              - {name: used, peering: 127.0.65.4/30, peer-as: 64512, port: 0, passive-only: true,
                 azure: {service-key: 22222222-2222-4222-8222-222222222222}}
              - {name: other, peering: 127.0.65.8/30, peer-as: 64512, port: 0, passive-only: true,
                 azure: {service-key: 33333333-3333-4333-8333-333333333333, provider-state: NotProvisioned,
                         provider: Megaport}}
              - {name: washington, peering: 127.0.65.12/30, peer-as: 64512, port: 0, passive-only: true,
                 azure: {service-key: 44444444-4444-4444-8444-444444444444, provider-state: NotProvisioned,
                         peering-location: Washington DC, bandwidth-mbps: 2000}}
            """;

    private static Simulator simulator;
    private final Azure azure = new Azure();

    @BeforeAll
    static void start() throws Exception {
        simulator = Simulator.start(SimConfig.parse(YAML));
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static AzureConfig config(String token) {
        return new AzureConfig(
                URI.create("http://127.0.0.1:"
                        + simulator.armAddress().orElseThrow().getPort()),
                Optional.of(new TokenSource.Given(token)),
                SUBSCRIPTION,
                AzureConfig.DEFAULT_API_VERSION,
                OptionalInt.of(1000),
                Map.of("Lab", "Washington DC"),
                Duration.ofSeconds(10));
    }

    private KeyVerdict validate(String serviceKey, String pop) {
        return azure.validate(config("secret"), List.of(), Asn.of(64512), serviceKey, pop);
    }

    @Test
    void s40_a_free_key_brings_bandwidth_and_location() {
        KeyVerdict verdict = validate(FREE, "New York");

        assertThat(verdict.problems()).isEmpty();
        AzureResource circuit = verdict.resource().orElseThrow();
        assertThat(circuit.bandwidthMbps()).isEqualTo(500);
        assertThat(circuit.peeringLocation()).isEqualTo("New York");
        assertThat(circuit.providerState()).isEqualTo("NotProvisioned");
        assertThat(validate(FREE.toUpperCase(Locale.ROOT), "newark").valid()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1-2-3-4-5 | New York | not a service key, which is a GUID as 3f2504e0-4f89-41d3-9a0c-0305e82c3301: '1-2-3-4-5'",
                "99999999-9999-4999-8999-999999999999 | New York | no circuit of subscription 00000000-0000-0000-0000-000000000000 has this service key",
                "22222222-2222-4222-8222-222222222222 | New York | the key is used already: the provider's state of circuit 'used' is Provisioned",
                "33333333-3333-4333-8333-333333333333 | New York | the circuit's provider is 'Megaport', only Equinix is connected",
                "11111111-1111-4111-8111-111111111111 | Ashburn | the circuit's peering location is 'New York', PoP 'Ashburn' needs 'Washington DC'",
                "11111111-1111-4111-8111-111111111111 | Atlantis | which peering location belongs to PoP 'Atlantis' is not known: add it to azure.peering-locations",
                "44444444-4444-4444-8444-444444444444 | Lab | the circuit has 2000 Mbit/s, the licence 1000 Mbit/s",
            })
    void s40_a_key_that_cannot_be_used_is_refused_with_the_reason(String key, String pop, String reason) {
        KeyVerdict verdict = validate(key, pop);

        assertThat(verdict.problems()).containsExactly(reason);
        assertThat(verdict.valid()).isFalse();
    }

    @Test
    void s40_throttling_is_waited_for() throws Exception {
        URI fault = URI.create("http://127.0.0.1:" + simulator.controlAddress().getPort() + "/arm/faults/throttle");
        HttpRequest request = HttpRequest.newBuilder(fault)
                .POST(HttpRequest.BodyPublishers.ofString("{\"count\": 2, \"retry-after\": 0}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);

        assertThat(validate(FREE, "New York").valid()).isTrue();
    }

    @Test
    void a_wrong_token_is_told() {
        assertThatExceptionOfType(ArmFailure.class)
                .isThrownBy(() -> azure.validate(config("wrong"), List.of(), Asn.of(64512), FREE, "New York"))
                .withMessage("Azure answers 401 InvalidAuthenticationToken: The access token is invalid.");
    }
}
