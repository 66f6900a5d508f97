package net.popbgp.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.popbgp.daemon.config.ConfigReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alert rules in {@code deploy}: what they ask for has to be what the daemon tells. */
class DeployedFilesTest {

    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Path METRICS = Path.of("..", "docs", "metrics.md");
    private static final Pattern METRIC = Pattern.compile("\\b(?:pop)?bgp_[a-z_]+");

    @TempDir
    private Path directory;

    private static JsonNode dashboard() throws Exception {
        return new ObjectMapper()
                .readTree(DEPLOY.resolve("grafana-dashboard.json").toFile());
    }

    private static JsonNode rules() throws Exception {
        return new ObjectMapper(new YAMLFactory())
                .readTree(DEPLOY.resolve("alert-rules.yaml").toFile());
    }

    private static Set<String> metrics(List<String> expressions) {
        return expressions.stream()
                .flatMap(text -> METRIC.matcher(text).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@return the names in the exposition of a daemon that has a site, another peer, and a host to probe} */
    private Set<String> exposed() throws Exception {
        Files.writeString(directory.resolve("key"), "Drill1\n");
        try (Daemon daemon = Daemon.create(ConfigReader.parse("""
                        local-as: 65010
                        router-id: 10.0.0.1
                        listen: []
                        warm-up: 0
                        peers: [{name: other, address: 127.0.78.9, remote-as: 64999, passive: true}]
                        sites:
                          - name: s
                            md5-key: {file: key}
                            circuits: [{pop: A, subnet: 127.0.78.0/30}, {pop: B, subnet: 127.0.78.4/30}]
                            lan-monitoring: {hosts: [{name: h, address: 127.0.0.1}]}
                        """, directory, name -> null), Optional.empty())) {
            daemon.start();
            return daemon.scrape()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void the_dashboard_and_the_rules_ask_only_for_metrics_that_are_documented_and_exposed() throws Exception {
        Set<String> asked = metrics(dashboard().findValuesAsText("expr"));
        assertThat(asked).hasSizeGreaterThan(10);
        asked.addAll(metrics(rules().findValuesAsText("expr")));

        assertThat(metrics(Files.readAllLines(METRICS))).containsAll(asked);
        assertThat(exposed()).containsAll(asked);
    }

    @Test
    void every_rule_says_how_bad_it_is_and_what_to_look_at() throws Exception {
        List<JsonNode> rules = rules().findParents("alert");

        assertThat(rules).hasSizeGreaterThan(10).allSatisfy(rule -> {
            String name = rule.path("alert").asText();
            assertThat(rule.path("labels").path("severity").asText()).as(name).isIn("critical", "warning", "info");
            assertThat(rule.path("annotations").path("summary").asText())
                    .as(name)
                    .isNotBlank();
            assertThat(rule.path("annotations").path("description").asText())
                    .as(name)
                    .isNotBlank();
        });
        assertThat(rules.stream().map(rule -> rule.path("alert").asText())).doesNotHaveDuplicates();
    }

    @Test
    void the_panels_of_the_dashboard_have_places_of_their_own_and_the_chosen_data_source() throws Exception {
        JsonNode panels = dashboard().path("panels");

        assertThat(panels.findValuesAsText("id").stream().distinct()).hasSize(panels.size());
        assertThat(panels.findValuesAsText("uid")).containsOnly("${datasource}");
        for (JsonNode panel : panels) {
            JsonNode place = panel.path("gridPos");
            assertThat(place.path("x").asInt() + place.path("w").asInt())
                    .as(panel.path("title").asText())
                    .isBetween(1, 24);
        }
    }
}
