package net.popbgp.daemon.site;

import java.util.List;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.route.Aggregate;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RouteActions;

/**
 * The large community by which a summary that was made automatically is known in our own tables: it is for the circuits that wanted it, and
 * goes to them without the mark. Pure functions.
 */
final class SummaryMark {

    private static final int DATA1 = 0x504F5042; // "POPB"
    private static final int DATA2 = 0x53554D; // "SUM"

    private SummaryMark() {}

    static Aggregate on(Aggregate aggregate, Asn localAs) {
        return aggregate.withSet(RouteActions.builder()
                .addLargeCommunities(List.of(new LargeCommunity((int) localAs.value(), DATA1, DATA2)))
                .build());
    }

    static boolean isOn(Aggregate aggregate) {
        return aggregate.set().addLargeCommunities().stream().anyMatch(SummaryMark::is);
    }

    static boolean isOn(Route route) {
        return route.source().isLocal()
                && !route.attributes().largeCommunities().isEmpty()
                && route.attributes().largeCommunities().stream().anyMatch(SummaryMark::is);
    }

    static PathAttributes off(PathAttributes attributes) {
        return attributes.toBuilder()
                .largeCommunities(attributes.largeCommunities().stream()
                        .filter(each -> !is(each))
                        .toList())
                .build();
    }

    private static boolean is(LargeCommunity community) {
        return community.localData1() == DATA1 && community.localData2() == DATA2;
    }
}
