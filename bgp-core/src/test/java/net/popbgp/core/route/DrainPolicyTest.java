package net.popbgp.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;

class DrainPolicyTest {

    private static final Community OTHER = Community.of(65000, 1);
    private static final PathAttributes PLAIN =
            PathAttributes.builder().asPath(65001).communities(List.of(OTHER)).build();

    private static Route route(PathAttributes attributes) {
        return new Route(Prefix.of("10.0.0.0/8"), attributes, RouteSource.LOCAL);
    }

    @Test
    void what_the_policy_takes_is_marked_and_becomes_the_last_choice() {
        DrainPolicy drain = new DrainPolicy(RoutePolicy.ACCEPT_ALL, Asn.of(65000), 2);

        assertThat(drain.evaluate(route(PLAIN)))
                .isEqualTo(new PolicyVerdict.AcceptModified(PathAttributes.builder()
                        .asPath(65000, 65000, 65001)
                        .communities(List.of(OTHER, Community.GRACEFUL_SHUTDOWN))
                        .localPref(0)
                        .build()));
        assertThat(drain.dependsOnPrefix()).isFalse();
    }

    @Test
    void what_the_policy_changes_is_marked_once() {
        PathAttributes marked = PLAIN.toBuilder()
                .communities(List.of(Community.GRACEFUL_SHUTDOWN))
                .localPref(300)
                .build();
        DrainPolicy drain = new DrainPolicy(route -> new PolicyVerdict.AcceptModified(marked), Asn.of(65000), 0);

        assertThat(drain.evaluate(route(PLAIN)))
                .isEqualTo(new PolicyVerdict.AcceptModified(
                        marked.toBuilder().localPref(0).build()));
    }

    @Test
    void what_the_policy_rejects_stays_rejected() {
        assertThat(new DrainPolicy(RoutePolicy.REJECT_ALL, Asn.of(65000), 0).evaluate(route(PLAIN)))
                .isEqualTo(RoutePolicy.REJECT_ALL.evaluate(route(PLAIN)));
    }
}
