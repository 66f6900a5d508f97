package net.popbgp.daemon.scenario;

import static net.popbgp.daemon.scenario.Stage.PRIMARY;
import static net.popbgp.daemon.scenario.Stage.SECONDARY;
import static net.popbgp.daemon.scenario.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteState;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.fault.Faults;
import net.popbgp.sim.fault.MalformedUpdate;
import net.popbgp.speaker.PeerStatus;

/** What is sent and taken. */
class PolicyScenarios {

    @Plays(Scenario.S29)
    void s29_each_combination_is_on_the_wire_what_it_says() throws Exception {
        StageSetup setup = Stage.of(Scenario.S29)
                .single()
                .top("announce: [{prefixes: [10.99.1.0/24, 10.99.2.0/24, 192.168.7.0/24]}]");
        try (Stage stage = setup.open().awaitUp()) {
            for (int combination = 0; combination < 8; combination++) {
                boolean defaultRoute = (combination & 1) != 0;
                boolean all = (combination & 2) != 0;
                boolean summary = (combination & 4) != 0;
                setup.replaceSite("advertise: {default-route: " + defaultRoute + ", all-routes: " + all
                        + ", summary-routes: " + (summary ? "[10.99.0.0/16]" : "[]") + "}");
                stage.reload();
                List<String> expected = new ArrayList<>();
                if (defaultRoute) {
                    expected.add("0.0.0.0/0");
                }
                if (summary) {
                    expected.add("10.99.0.0/16");
                }
                if (all) {
                    expected.addAll(List.of("10.99.1.0/24", "10.99.2.0/24", "192.168.7.0/24"));
                }
                String what = "default " + defaultRoute + ", all " + all + ", summary " + summary;
                eventually(() -> assertThat(
                                stage.azure(PRIMARY).snapshot().received().keySet())
                        .as(what)
                        .extracting(Object::toString)
                        .containsExactlyInAnyOrderElementsOf(expected));
                List<String> byUs =
                        expected.stream().map(each -> each + " by 65001").toList();
                assertThat(stage.sent(PRIMARY)).as(what).containsExactlyInAnyOrderElementsOf(byUs);
                assertThat(stage.raw(PRIMARY).path("RIB_out").findValuesAsText("subnet"))
                        .as(what)
                        .containsExactlyInAnyOrderElementsOf(expected);
                assertThat(stage.learned(PRIMARY))
                        .as(what)
                        .containsExactlyInAnyOrderElementsOf(
                                byUs.stream().map(each -> each + " I").toList());
            }
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(1);
        }
    }

    private static List<String> rejected(Stage stage) throws Exception {
        return Stage.stream(stage.routes(PRIMARY).path("rejected-routes-from-peer"))
                .map(row -> row.path("subnet").asText() + " " + row.path("rule").asText())
                .toList();
    }

    private static List<String> taken(Stage stage, CircuitRole role) throws Exception {
        return stage.routes(role).path("routes-from-peer").findValuesAsText("subnet");
    }

    @Plays(
            value = Scenario.S30,
            instead = "an edited filter is applied to what was received; the session is not reset, and nothing is lost")
    void s30_what_is_not_accepted_is_listed_and_an_edit_takes_effect() throws Exception {
        StageSetup setup = Stage.of(Scenario.S30).site("accept: {dynamic-routes: false}");
        try (Stage stage = setup.open()) {
            eventually(() -> assertThat(rejected(stage))
                    .containsExactly(
                            "10.10.0.0/16 azure-primary-in/dynamic-routes",
                            "10.11.0.0/16 azure-primary-in/dynamic-routes"));
            eventually(() -> assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED));
            assertThat(stage.table()).noneMatch(row -> row.contains("dynamic"));
            assertThat(stage.raw(PRIMARY).path("accept_from_neighbor").asBoolean())
                    .isFalse();

            setup.replaceSite("accept: {dynamic-routes: true, exclusions: [10.11.0.0/16]}");
            JsonNode steps = stage.reload().path("steps");
            assertThat(steps.findValuesAsText("action")).containsExactly("soft", "soft", "changed");
            eventually(() -> {
                assertThat(taken(stage, PRIMARY)).containsExactly("10.10.0.0/16");
                assertThat(rejected(stage)).containsExactly("10.11.0.0/16 azure-primary-in/exclusion-1");
            });
            assertThat(stage.told("bgp-session")).noneMatch(text -> text.startsWith("Disconnected"));
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(1);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }

    @Plays(Scenario.S33)
    void s33_a_default_route_of_azure_s_is_rejected_and_communities_are_shown() throws Exception {
        StageSetup setup = Stage.of(Scenario.S33)
                .vnets("[{name: hub, address-spaces: [0.0.0.0/0, 10.10.0.0/16, 10.20.0.1/32],"
                        + " communities: [\"12076:50004\", \"12076:20001\"]}]");
        try (Stage stage = setup.open().awaitActive(SiteState.CONNECTED, PRIMARY)) {
            eventually(() -> assertThat(rejected(stage)).containsExactly("0.0.0.0/0 azure-primary-in/default-route"));
            assertThat(taken(stage, PRIMARY)).containsExactly("10.10.0.0/16", "10.20.0.1/32");
            assertThat(stage.routes(PRIMARY).path("routes-from-peer").path(0).path("community"))
                    .extracting(JsonNode::asText)
                    .containsExactlyInAnyOrder("12076:50004", "12076:20001");
            assertThat(stage.raw(PRIMARY).path("accept_default_route").asBoolean())
                    .isFalse();
            assertThat(stage.table()).noneMatch(row -> row.startsWith("0.0.0.0/0"));

            setup.site("accept: {default-route: true}");
            stage.reload();
            eventually(() -> assertThat(taken(stage, PRIMARY)).contains("0.0.0.0/0"));
            assertThat(stage.azure(PRIMARY).snapshot().announced()).hasSize(3);
            assertThat(stage.azure(PRIMARY).snapshot().leaked()).isEmpty();
        }
    }

    @Plays(Scenario.S33)
    void s33_a_prefix_of_the_link_is_not_taken() throws Exception {
        List<Prefix> spaces = Stream.of("10.10.0.0/16", "169.254.10.0/30", "169.254.20.2/32")
                .map(Prefix::of)
                .toList();
        VirtualSite site =
                new VirtualSite(33, "{default-route: true}", List.of(new AzureCircuit.Vnet("hub", spaces, List.of())));
        site.time.advance(Duration.ofMinutes(1));

        assertThat(site.azure(PRIMARY).snapshot().announced()).hasSize(3);
        assertThat(spaces)
                .filteredOn(space -> site.ask(tables -> tables.best(space)).isPresent())
                .containsExactly(Prefix.of("10.10.0.0/16"));
    }

    @Plays(Scenario.S34)
    void s34_only_fatal_errors_end_the_session() throws Exception {
        try (Stage stage = Stage.of(Scenario.S34).open().awaitUp()) {
            for (MalformedUpdate kind : MalformedUpdate.values()) {
                CircuitRole role = kind.ordinal() % 2 == 0 ? PRIMARY : SECONDARY;
                eventually(() -> assertThat(stage.peer(role).isEstablished()).isTrue());
                PeerStatus before = stage.peer(role);
                int told = stage.noted(role, "notification-received").size();
                String prefix = "10.255." + kind.ordinal() + ".0/24";
                Faults.inject(stage.azure(role), "malformed-update", Map.of("kind", kind.toString(), "prefix", prefix))
                        .join();
                eventually(() -> {
                    PeerStatus after = stage.peer(role);
                    switch (kind.expected()) {
                        case ATTRIBUTE_DISCARD -> {
                            assertThat(after.counters().attributesDiscarded())
                                    .as("%s", kind)
                                    .isEqualTo(before.counters().attributesDiscarded() + 1);
                            assertThat(taken(stage, role)).as("%s", kind).contains(prefix);
                        }
                        case TREAT_AS_WITHDRAW -> {
                            assertThat(after.counters().treatedAsWithdraw())
                                    .as("%s", kind)
                                    .isEqualTo(before.counters().treatedAsWithdraw() + 1);
                            assertThat(taken(stage, role)).as("%s", kind).doesNotContain(prefix);
                        }
                        case SESSION_RESET ->
                            assertThat(stage.noted(role, "notification-received"))
                                    .as("%s", kind)
                                    .hasSizeGreaterThan(told)
                                    .last()
                                    .asString()
                                    .startsWith(code(kind));
                    }
                });
                if (kind.expected() != MalformedUpdate.Expected.SESSION_RESET) {
                    assertThat(stage.peer(role).established()).as("%s", kind).isEqualTo(before.established());
                    assertThat(stage.peer(role).isEstablished()).as("%s", kind).isTrue();
                }
            }
            stage.awaitUp();
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }

    private static String code(MalformedUpdate kind) {
        return switch (kind) {
            case BAD_MARKER -> "1/1";
            case BAD_LENGTH -> "1/2";
            case BAD_TYPE -> "1/3";
            default -> "3/";
        };
    }
}
