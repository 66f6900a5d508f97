package net.popbgp.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.AsPath.Segment;
import net.popbgp.core.attribute.AsPath.SegmentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsPathPatternTest {

    @ParameterizedTest(name = "{0} on [{1}] is {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "_12076_           | 12076 8075            | true",
                "_12076_           | 65000 12076           | true",
                "_12076_           | 112076                | false",
                "_12076_           | 65000 120761          | false",
                "^12076            | 12076 8075            | true",
                "^8075             | 12076 8075            | false",
                "^12076$           | 12076                 | true",
                "^12076$           | 12076 12076           | false",
                "8075$             | 12076 8075            | true",
                "^$                | \"\"                  | true",
                "^$                | 1                     | false",
                "_65[0-9]+_        | 12076 65515           | true",
                "_65[0-9]+$        | 12076 65515 8075      | false",
                "^(12076_)+$       | 12076 12076 12076     | true",
                "^(12076_)+$       | 12076 1 12076         | false",
                "\"^12076_(8075|8068)\" | 12076 8068 1 | true",
                "^[^1]+$           | 222 333               | true",
                "^[^1]+$           | 222 313               | false",
                "1.?2              | 132                   | true",
                "^.*$              | \"\"                  | true",
                "_1_2_             | 1 2                   | true",
                "\"(^|_)7$\" | 7 | true",
                "4294967295        | 1 4294967295          | true",
            })
    void matches_as_routers_do(String expression, String path, boolean expected) {
        String[] numbers = path.isEmpty() ? new String[0] : path.split(" ");
        long[] asns = List.of(numbers).stream().mapToLong(Long::parseLong).toArray();

        assertThat(AsPathPattern.of(expression).matches(AsPath.of(asns))).isEqualTo(expected);
    }

    @Test
    void a_border_is_a_brace_too_and_an_escaped_brace_stands_for_itself() {
        AsPath set = new AsPath(
                List.of(new Segment(SegmentType.AS_SEQUENCE, 12076), new Segment(SegmentType.AS_SET, 64512, 64513)));

        assertThat(AsPathPattern.of("_64512_").matches(set)).isTrue();
        assertThat(AsPathPattern.of("\\{64512 64513\\}$").matches(set)).isTrue();
        assertThat(AsPathPattern.of("\\(").matches(set)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "(1", "1)", "[1", "*1", "1**", "[9-1]", "1+?", "\\d", "(?:1)"})
    void refuses_what_is_no_expression_and_names_it(String expression) {
        assertThatThrownBy(() -> AsPathPattern.of(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + expression + "'");
    }

    @Test
    void refuses_a_too_long_expression() {
        assertThatThrownBy(() -> AsPathPattern.of("1".repeat(257))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nested_repetitions_stay_linear_on_a_path_that_almost_matches() {
        AsPathPattern pattern = AsPathPattern.of("^((1*)*_?.*.*.*.*)*2$");
        long[] ones = new long[1000];
        Arrays.fill(ones, 1_111_111_111L);

        assertThat(pattern.matches(AsPath.of(ones))).isFalse();
    }

    @Test
    void agrees_with_the_library_on_random_expressions() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String expression = expression(random, 3);
            AsPath path = AsPath.of(
                    random.longs(random.nextInt(5), 1, 130).map(n -> n % 13).toArray());
            Pattern reference = Pattern.compile(expression.replace("_", "(?:^|$|[ {}()\\[\\]])"));

            assertThat(AsPathPattern.of(expression).matches(path))
                    .as("seed %s: %s on [%s]", seed, expression, path)
                    .isEqualTo(reference.matcher(path.toString()).find());
        }
    }

    private static String expression(Random random, int depth) {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String atom = depth > 0 && random.nextInt(4) == 0
                    ? "(" + expression(random, depth - 1) + ")"
                    : List.of("1", "2", "[0-2]", "[^1]", ".", "_", " ").get(random.nextInt(7));
            text.append(atom).append(List.of("", "", "", "*", "+", "?").get(random.nextInt(6)));
        }
        if (random.nextInt(5) == 0) {
            text.append('|').append(random.nextInt(10));
        }
        return (random.nextInt(4) == 0 ? "^" : "") + text + (random.nextInt(4) == 0 ? "$" : "");
    }
}
