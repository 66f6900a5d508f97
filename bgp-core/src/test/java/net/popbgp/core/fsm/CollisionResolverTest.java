package net.popbgp.core.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollisionResolverTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 65010, 9.255.255.255, 12076, OURS",
        "10.0.0.1, 65010, 10.0.0.2, 12076, THEIRS",
        "128.0.0.1, 65010, 127.0.0.1, 12076, OURS",
        "127.0.0.1, 65010, 255.1.2.3, 12076, THEIRS",
        "10.0.0.1, 65010, 10.0.0.1, 12076, OURS",
        "10.0.0.1, 65010, 10.0.0.1, 4200000001, THEIRS",
    })
    void the_connection_of_the_higher_identifier_and_then_of_the_higher_as_is_kept_by_both_sides(
            String local, long localAs, String remote, long remoteAs, CollisionResolver.Keep expected) {
        CollisionResolver.Keep here =
                CollisionResolver.resolve(RouterId.of(local), Asn.of(localAs), RouterId.of(remote), Asn.of(remoteAs));
        CollisionResolver.Keep there =
                CollisionResolver.resolve(RouterId.of(remote), Asn.of(remoteAs), RouterId.of(local), Asn.of(localAs));

        assertThat(here).isEqualTo(expected);
        assertThat(there).isNotEqualTo(here);
    }
}
