package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That every row has its test, every test its row, and docs/rfc.md names them. */
class ConformanceRowsTest {

    private static final Path RFC_TABLE = Path.of("..", "docs", "rfc.md");

    /** One row, {@code HDR-01}, or several that follow each other, {@code HDR-01..06}. */
    private static final Pattern ID = Pattern.compile("\\b([A-Z][A-Z0-9]{1,2})-(\\d\\d)(?:\\.\\.(\\d\\d))?\\b");

    private static final Map<String, String> PRIORITIES = priorities();
    private static final Set<String> TESTED = tested();
    private static final Set<String> PENDING = new TreeSet<>(lines("pending.txt"));
    private static final Set<String> NAMED = named();

    @Test
    void every_row_of_priority_1_or_2_has_a_test_or_is_pending() {
        assertThat(needed(PRIORITIES.keySet())).isSubsetOf(union(TESTED, PENDING));
    }

    @Test
    void every_test_carries_the_id_of_a_row() {
        assertThat(PRIORITIES.keySet()).containsAll(TESTED);
    }

    @Test
    void what_is_pending_is_a_row_without_a_test() {
        assertThat(PRIORITIES.keySet()).containsAll(PENDING);
        assertThat(PENDING).doesNotContainAnyElementsOf(TESTED);
    }

    @Test
    void the_table_of_rfcs_names_no_row_without_a_test() {
        assertThat(union(TESTED, PENDING)).containsAll(NAMED);
    }

    @Test
    void the_table_of_rfcs_names_every_tested_row_of_priority_1_or_2() {
        assertThat(NAMED).containsAll(needed(TESTED));
    }

    private static Set<String> needed(Set<String> ids) {
        return ids.stream()
                .filter(id -> !"P3".equals(PRIORITIES.get(id)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private static Map<String, String> priorities() {
        Map<String, String> priorities = new LinkedHashMap<>();
        for (String line : lines("conformance-rows.tsv")) {
            String[] columns = line.split("\t");
            priorities.put(columns[0], columns[1]);
        }
        return priorities;
    }

    private static List<String> lines(String resource) {
        try (InputStream in = ConformanceRowsTest.class.getResourceAsStream("/conformance/" + resource)) {
            if (in == null) {
                throw new AssertionError("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError("cannot read " + resource, e);
        }
    }

    private static Set<String> tested() {
        Set<String> ids = new TreeSet<>();
        for (Class<?> suite : suites()) {
            for (Method method : suite.getDeclaredMethods()) {
                Row row = method.getAnnotation(Row.class);
                if (row != null) {
                    ids.addAll(List.of(row.value()));
                }
            }
        }
        return ids;
    }

    /** The test classes of this package. */
    private static List<Class<?>> suites() {
        try {
            Path classes = Path.of(ConformanceRowsTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            String name = ConformanceRowsTest.class.getPackageName();
            List<Class<?>> suites = new ArrayList<>();
            try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
                for (Path file : files.filter(each -> each.toString().endsWith("Test.class"))
                        .toList()) {
                    String simple = file.getFileName().toString().replace(".class", "");
                    Class<?> type = Class.forName(name + "." + simple);
                    suites.add(type);
                }
            }
            return suites;
        } catch (IOException | ReflectiveOperationException | URISyntaxException e) {
            throw new AssertionError("cannot look for the suites", e);
        }
    }

    private static Set<String> named() {
        Set<String> families = PRIORITIES.keySet().stream()
                .map(id -> id.substring(0, id.indexOf('-')))
                .collect(Collectors.toSet());
        Set<String> ids = new TreeSet<>();
        try {
            Matcher matcher = ID.matcher(Files.readString(RFC_TABLE));
            while (matcher.find()) {
                if (families.contains(matcher.group(1))) {
                    int first = Integer.parseInt(matcher.group(2));
                    int last = matcher.group(3) == null ? first : Integer.parseInt(matcher.group(3));
                    for (int i = first; i <= last; i++) {
                        ids.add("%s-%02d".formatted(matcher.group(1), i));
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError("cannot read " + RFC_TABLE, e);
        }
        return ids;
    }
}
