package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.popbgp.core.net.Prefix;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.ReconfigureImpact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigDiffTest {

    private static final String BASE = """
            local-as: 65001
            router-id: 192.0.2.1
            listen: ["127.0.0.1:1179"]
            prefix-lists: {nets: ["10.0.0.0/8 le 24"]}
            policies: {in: [{name: nets, match: {prefix-list: nets}, then: accept}]}
            peers:
              - {name: a, address: 10.0.0.2, remote-as: 65002, import-policy: in, export-policy: in}
              - {name: b, address: 10.0.0.3, remote-as: 65002, import-policy: in, export-policy: in}
            dynamic-peers:
              - {name: d, prefix: 10.1.0.0/16, remote-as: [65003], limit: 9, import-policy: in, export-policy: in}
            circuit-groups: [{name: g, primary: a, secondary: b}]
            announce:
              - {prefixes: [10.1.0.0/16, 10.2.0.0/16]}
            """;

    private static DaemonConfig parse(String text) throws ConfigException {
        return ConfigReader.parse(text, Path.of("/"), name -> null);
    }

    private static ConfigDiff to(String from, String to) throws ConfigException {
        return ConfigDiff.between(parse(BASE), parse(BASE.replace(from, to)));
    }

    @Test
    void the_same_document_read_again_changes_nothing() throws ConfigException {
        ConfigDiff diff = to("", "");

        assertThat(diff)
                .isEqualTo(new ConfigDiff(
                        List.of(), List.of(), List.of(), Map.of(), List.of(), List.of(), List.of(), List.of(),
                        List.of(), List.of(), Map.of()));
    }

    @Test
    void dynamic_peers_with_other_settings_are_changed_and_with_other_addresses_are_others() throws ConfigException {
        ConfigDiff changed = to("limit: 9", "limit: 8");
        ConfigDiff moved = to("prefix: 10.1.0.0/16", "prefix: 10.2.0.0/16");

        assertThat(changed.changedRanges())
                .extracting(DynamicPeersConfig::limit)
                .containsExactly(8);
        assertThat(changed.removedRanges()).isEmpty();
        assertThat(changed.addedRanges()).isEmpty();
        assertThat(moved.changedRanges()).isEmpty();
        assertThat(moved.removedRanges()).containsExactly("d");
        assertThat(moved.addedRanges()).extracting(DynamicPeersConfig::name).containsExactly("d");
    }

    @ParameterizedTest(name = "{1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "remote-as: 65002, import | remote-as: 65002, metric: 7, import       | SOFT",
                "remote-as: 65002, import | remote-as: 65002, hold-time: 30s, import  | RESTART",
                "remote-as: 65002, import | remote-as: 65002, stable-time: 30s, import | LIVE",
                "10.0.0.0/8 le 24         | 10.0.0.0/8 le 25                          | SOFT",
            })
    void a_changed_peer_is_changed_with_the_least_impact(String from, String to, ReconfigureImpact impact)
            throws ConfigException {
        ConfigDiff diff = to(from.trim(), to.trim());

        assertThat(diff.changed().values()).containsOnly(impact);
        assertThat(diff.needsRestart()).isEmpty();
        assertThat(diff.added()).isEmpty();
        assertThat(diff.removed()).isEmpty();
    }

    @Test
    void a_peer_with_another_address_is_another_peer() throws ConfigException {
        String alone = BASE.replace("circuit-groups: [{name: g, primary: a, secondary: b}]\n", "");

        ConfigDiff diff = ConfigDiff.between(parse(alone), parse(alone.replace("10.0.0.3", "10.0.0.4")));

        assertThat(diff.removed()).extracting(PeerConfig::name).containsExactly("b");
        assertThat(diff.added()).extracting(PeerConfig::name).containsExactly("b");
        assertThat(diff.changed()).isEmpty();
    }

    @Test
    void announcements_are_compared_prefix_by_prefix() throws ConfigException {
        ConfigDiff diff = to("[10.1.0.0/16, 10.2.0.0/16]}", "[10.2.0.0/16]}\n  - {prefixes: [10.3.0.0/16], med: 5}");

        assertThat(diff.withdrawn()).containsExactly(Prefix.of("10.1.0.0/16"));
        assertThat(diff.announced().values()).containsExactly(List.of(Prefix.of("10.3.0.0/16")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary: a, secondary: b>primary: b, secondary: a", "10.0.0.3>10.0.0.4"})
    void a_group_with_other_circuits_or_a_peer_that_moves_is_dissolved_and_made_again(String change)
            throws ConfigException {
        String[] words = change.split(">");
        ConfigDiff diff = to(words[0], words[1]);

        assertThat(diff.needsRestart()).isEmpty();
        assertThat(diff.removedGroups()).extracting(DaemonConfig.Group::name).containsExactly("g");
        assertThat(diff.addedGroups()).extracting(DaemonConfig.Group::name).containsExactly("g");
    }

    @Test
    void a_group_that_is_not_named_any_more_is_dissolved() throws ConfigException {
        ConfigDiff diff = to("circuit-groups: [{name: g, primary: a, secondary: b}]\n", "");

        assertThat(diff.removedGroups()).extracting(DaemonConfig.Group::name).containsExactly("g");
        assertThat(diff.addedGroups()).isEmpty();
        assertThat(diff.changed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local-as: 65001>local-as: 65009", "192.0.2.1>192.0.2.9", "127.0.0.1:1179>127.0.0.1:1180"})
    void what_the_speaker_cannot_change_needs_a_restart(String change) throws ConfigException {
        String[] words = change.split(">");

        assertThat(to(words[0], words[1]).needsRestart())
                .hasSize(1)
                .allMatch(problem -> problem.message().contains("needs a restart"));
    }
}
