package net.popbgp.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixListTest {

    @ParameterizedTest(name = "[{0}] for {1} is {2}")
    @CsvSource({
        "10.0.0.0/8,                               10.0.0.0/8,   true",
        "10.0.0.0/8,                               10.0.0.0/9,   false",
        "10.0.0.0/8 le 24,                         10.0.0.0/8,   true",
        "10.0.0.0/8 le 24,                         10.1.2.0/24,  true",
        "10.0.0.0/8 le 24,                         10.1.2.0/25,  false",
        "10.0.0.0/8 ge 16 le 24,                   10.0.0.0/15,  false",
        "10.0.0.0/8 ge 16,                         10.1.2.3/32,  true",
        "0.0.0.0/0,                                0.0.0.0/0,    true",
        "0.0.0.0/0,                                1.0.0.0/8,    false",
        "0.0.0.0/0 le 32,                          2001:db8::/32, false",
        "::/0 le 64,                               2001:db8::/32, true",
        "deny 10.1.0.0/16 le 32;10.0.0.0/8 le 32,  10.1.2.0/24,  false",
        "deny 10.1.0.0/16 le 32;10.0.0.0/8 le 32,  10.2.2.0/24,  true",
        "10.0.0.0/8 le 32;deny 10.1.0.0/16 le 32,  10.1.2.0/24,  true",
        "permit 10.0.0.0/8,                        11.0.0.0/8,   false",
    })
    void the_first_match_decides_and_the_rest_is_denied(String entries, String prefix, boolean permitted) {
        List<PrefixList.Entry> list =
                Stream.of(entries.split(";")).map(PrefixList.Entry::of).toList();

        assertThat(new PrefixList("p", list).permits(Prefix.of(prefix))).isEqualTo(permitted);
    }

    @Test
    void an_empty_list_permits_nothing() {
        assertThat(new PrefixList("p", List.of()).permits(Prefix.of("0.0.0.0/0")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "deny",
                "10.0.0.1/8",
                "10.0.0.0/8 ge 7",
                "10.0.0.0/8 le 33",
                "10.0.0.0/8 ge 24 le 16",
                "10.0.0.0/8 ge",
                "10.0.0.0/8 upto 9",
                "10.0.0.0/8 ge x"
            })
    void refuses_what_is_no_entry(String text) {
        assertThatThrownBy(() -> PrefixList.Entry.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refuses_more_entries_than_the_limit() {
        PrefixList.Entry entry = PrefixList.Entry.of("10.0.0.0/8");

        assertThatThrownBy(() -> new PrefixList("p", Collections.nCopies(10_001, entry)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void agrees_with_asking_entry_by_entry() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<PrefixList.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Prefix prefix = prefix(random, 24);
            int ge = prefix.length() + random.nextInt(33 - prefix.length());
            entries.add(new PrefixList.Entry(random.nextBoolean(), prefix, ge, ge + random.nextInt(33 - ge)));
        }
        PrefixList list = new PrefixList("p", entries);
        for (int i = 0; i < 5_000; i++) {
            Prefix prefix = prefix(random, 32);
            boolean expected = entries.stream()
                    .filter(entry -> entry.matches(prefix))
                    .findFirst()
                    .map(PrefixList.Entry::permit)
                    .orElse(false);

            assertThat(list.permits(prefix)).as("seed %s, %s", seed, prefix).isEqualTo(expected);
        }
    }

    private static Prefix prefix(Random random, int longest) {
        long bits = (random.nextInt(4) * 0x4000_0000L | random.nextInt(4) << 20) & 0xFFFF_FFFFL;
        return Prefix.masked(AddressFamily.IPV4_UNICAST, 0, bits, random.nextInt(longest + 1));
    }
}
