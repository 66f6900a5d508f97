package net.popbgp.sim.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProvisioningTest {

    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
    private static final Duration TAKES = Duration.ofMinutes(10);

    private final Provisioning circuit = new Provisioning(ProviderState.NOT_PROVISIONED);

    @Test
    void s40_a_circuit_goes_the_whole_round_and_spends_the_time_on_the_way() {
        circuit.ask(ProviderState.PROVISIONED, START, TAKES);
        assertThat(circuit.at(START)).isEqualTo(ProviderState.PROVISIONING);
        assertThat(circuit.at(START.plus(TAKES).minusMillis(1))).isEqualTo(ProviderState.PROVISIONING);
        assertThat(circuit.at(START.plus(TAKES))).isEqualTo(ProviderState.PROVISIONED);

        Instant later = START.plus(Duration.ofDays(1));
        circuit.ask(ProviderState.NOT_PROVISIONED, later, TAKES);
        assertThat(circuit.at(later)).isEqualTo(ProviderState.DEPROVISIONING);
        assertThat(circuit.at(later.plus(TAKES))).isEqualTo(ProviderState.NOT_PROVISIONED);
    }

    @Test
    void a_state_on_the_way_lasts_until_the_provider_says_more() {
        circuit.ask(ProviderState.PROVISIONING, START, TAKES);
        assertThat(circuit.at(START.plus(Duration.ofDays(9)))).isEqualTo(ProviderState.PROVISIONING);

        circuit.ask(ProviderState.PROVISIONED, START, Duration.ZERO);
        circuit.ask(ProviderState.DEPROVISIONING, START, Duration.ZERO);
        assertThat(circuit.at(START)).isEqualTo(ProviderState.DEPROVISIONING);
        circuit.ask(ProviderState.NOT_PROVISIONED, START, Duration.ZERO);
        assertThat(circuit.at(START)).isEqualTo(ProviderState.NOT_PROVISIONED);
    }

    @Test
    void asking_again_for_what_is_under_way_does_not_begin_anew() {
        circuit.ask(ProviderState.PROVISIONED, START, TAKES);
        circuit.ask(ProviderState.PROVISIONED, START.plus(TAKES).minusSeconds(1), TAKES);

        assertThat(circuit.at(START.plus(TAKES))).isEqualTo(ProviderState.PROVISIONED);
    }

    @ParameterizedTest
    @EnumSource(ProviderState.class)
    void only_these_ways_are_open(ProviderState from) {
        Set<ProviderState> open = switch (from) {
            case NOT_PROVISIONED -> Set.of(ProviderState.PROVISIONING, ProviderState.PROVISIONED);
            case PROVISIONING ->
                Set.of(ProviderState.PROVISIONED, ProviderState.DEPROVISIONING, ProviderState.NOT_PROVISIONED);
            case PROVISIONED -> Set.of(ProviderState.DEPROVISIONING, ProviderState.NOT_PROVISIONED);
            case DEPROVISIONING -> Set.of(ProviderState.NOT_PROVISIONED);
        };
        for (ProviderState wanted : ProviderState.values()) {
            Provisioning each = new Provisioning(from);
            if (wanted == from || open.contains(wanted)) {
                each.ask(wanted, START, Duration.ZERO);
                assertThat(each.at(START)).isEqualTo(wanted);
            } else {
                assertThatExceptionOfType(ArmException.class)
                        .isThrownBy(() -> each.ask(wanted, START, Duration.ZERO))
                        .withMessage("ServiceProviderProvisioningState cannot change from %s to %s."
                                .formatted(from, wanted));
                assertThat(each.at(START)).isEqualTo(from);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ProviderState.class)
    void s41_a_circuit_is_deleted_only_when_the_provider_is_not_at_it(ProviderState state) {
        Provisioning each = new Provisioning(state);
        if (state == ProviderState.PROVISIONING || state == ProviderState.PROVISIONED) {
            assertThatExceptionOfType(ArmException.class)
                    .isThrownBy(() -> each.requireDeletable("a", START))
                    .withMessage("Circuit a cannot be deleted while ServiceProviderProvisioningState is " + state
                            + ". Ask the service provider to deprovision it first.");
        } else {
            each.requireDeletable("a", START);
        }
    }

    @ParameterizedTest
    @EnumSource(ProviderState.class)
    void a_peering_is_configured_only_on_a_provisioned_circuit(ProviderState state) {
        Provisioning each = new Provisioning(state);
        if (state == ProviderState.PROVISIONED) {
            each.requireConfigurable("a", START);
        } else {
            assertThatExceptionOfType(ArmException.class)
                    .isThrownBy(() -> each.requireConfigurable("a", START))
                    .withMessageEndingWith("it is " + state + ".");
        }
    }
}
