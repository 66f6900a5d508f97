package net.popbgp.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.TermPolicy.Outcome;
import net.popbgp.core.route.TermPolicy.Term;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TermPolicyTest {

    private static final RouteSource AZURE = new RouteSource(
            IpAddresses.parse("169.254.10.2"), PeerType.EXTERNAL, Asn.of(12076), RouterId.of("1.1.1.1"), 100, "");

    private static final PathAttributes ATTRIBUTES = PathAttributes.builder()
            .asPath(12076, 8075)
            .nextHop(IpAddresses.parse("169.254.10.2"))
            .communities(List.of(Community.of("12076:5010"), Community.of("65000:7")))
            .largeCommunities(List.of(LargeCommunity.of("65000:1:2")))
            .extendedCommunities(List.of(ExtendedCommunity.of("rt:65000:9")))
            .build();

    private static final Route ROUTE = new Route(Prefix.of("10.1.0.0/16"), ATTRIBUTES, AZURE);

    private static TermPolicy policy(Term... terms) {
        return new TermPolicy("from-azure", List.of(terms));
    }

    private static Term term(String name, RouteMatch match, RouteActions actions, Outcome outcome) {
        return new Term(name, match, actions, outcome);
    }

    private static PathAttributes changed(RouteActions actions) {
        PolicyVerdict verdict =
                policy(term("t", RouteMatch.ANY, actions, Outcome.ACCEPT)).evaluate(ROUTE);
        return ((PolicyVerdict.AcceptModified) verdict).attributes();
    }

    private static boolean matches(RouteMatch match) {
        return policy(term("t", match, RouteActions.NONE, Outcome.ACCEPT)).evaluate(ROUTE) == PolicyVerdict.ACCEPT;
    }

    @Test
    void what_no_term_decides_is_rejected() {
        assertThat(policy().evaluate(ROUTE)).isEqualTo(PolicyVerdict.reject("from-azure: no term matched"));
        assertThat(policy(term("t", RouteMatch.ANY, RouteActions.NONE, Outcome.NEXT))
                        .evaluate(ROUTE))
                .isEqualTo(PolicyVerdict.reject("from-azure: no term matched"));
    }

    @Test
    void a_rejection_names_policy_and_term() {
        assertThat(policy(term("no-default", RouteMatch.ANY, RouteActions.NONE, Outcome.REJECT))
                        .evaluate(ROUTE))
                .isEqualTo(PolicyVerdict.reject("from-azure/no-default"));
    }

    @Test
    void a_term_sees_what_the_terms_before_it_changed() {
        CommunityPattern mark = CommunityPattern.of("65000:99");
        RouteActions add = RouteActions.builder()
                .addCommunities(List.of(Community.of("65000:99")))
                .build();
        TermPolicy policy = policy(
                term("mark", RouteMatch.ANY, add, Outcome.NEXT),
                term(
                        "marked",
                        RouteMatch.builder().anyCommunity(List.of(mark)).build(),
                        RouteActions.NONE,
                        Outcome.ACCEPT));

        assertThat(policy.evaluate(ROUTE)).isInstanceOf(PolicyVerdict.AcceptModified.class);
    }

    @Test
    void an_accepted_route_that_nothing_changed_is_the_same_route() {
        RouteActions same = RouteActions.builder().origin(Origin.IGP).build();

        assertThat(policy(term("t", RouteMatch.ANY, same, Outcome.ACCEPT)).evaluate(ROUTE))
                .isSameAs(PolicyVerdict.ACCEPT);
    }

    @Test
    void a_community_can_be_one_that_must_not_be_there() {
        CommunityPattern absent = CommunityPattern.of("65000:99");
        CommunityPattern present = CommunityPattern.of("12076:*");

        assertThat(matches(RouteMatch.builder().noCommunity(List.of(absent)).build()))
                .isTrue();
        assertThat(matches(RouteMatch.builder()
                        .noCommunity(List.of(absent, present))
                        .build()))
                .isFalse();
    }

    @Test
    void routes_of_our_own_can_be_told_from_learned_ones() {
        assertThat(matches(RouteMatch.builder().local(false).build())).isTrue();
        assertThat(matches(RouteMatch.builder().local(true).build())).isFalse();
    }

    @Test
    void actions_change_every_attribute_they_name() {
        PathAttributes result = changed(RouteActions.builder()
                .localPref(200)
                .multiExitDisc(7)
                .origin(Origin.INCOMPLETE)
                .nextHop(IpAddresses.parse("192.0.2.1"))
                .prepend(Asn.of(65000), 2)
                .build());

        assertThat(result.localPref()).hasValue(200);
        assertThat(result.multiExitDisc()).hasValue(7);
        assertThat(result.origin()).isEqualTo(Origin.INCOMPLETE);
        assertThat(result.nextHop()).hasToString("Optional[192.0.2.1]");
        assertThat(result.asPath()).isEqualTo(AsPath.of(65000, 65000, 12076, 8075));
        assertThat(result.communities()).isEqualTo(ATTRIBUTES.communities());
    }

    @Test
    void communities_are_removed_by_pattern_and_added_once() {
        PathAttributes result = changed(RouteActions.builder()
                .removeCommunities(List.of(CommunityPattern.of("12076:*"), CommunityPattern.of("65000:*:2")))
                .addCommunities(List.of(Community.of("65000:7"), Community.NO_EXPORT))
                .addLargeCommunities(List.of(LargeCommunity.of("65000:3:4")))
                .build());

        assertThat(result.communities()).containsExactly(Community.of("65000:7"), Community.NO_EXPORT);
        assertThat(result.largeCommunities()).containsExactly(LargeCommunity.of("65000:3:4"));
        assertThat(result.extendedCommunities()).isEqualTo(ATTRIBUTES.extendedCommunities());
    }

    @Test
    void communities_of_all_kinds_can_be_set() {
        PathAttributes result = changed(RouteActions.builder()
                .clearCommunities()
                .addExtendedCommunities(List.of(ExtendedCommunity.of("soo:65000:1")))
                .build());

        assertThat(result.communities()).isEmpty();
        assertThat(result.largeCommunities()).isEmpty();
        assertThat(result.extendedCommunities()).containsExactly(ExtendedCommunity.of("soo:65000:1"));
    }

    @ParameterizedTest(name = "any of {0}: {1}")
    @CsvSource({
        "12076:5010, true",
        "12076:*, true",
        "*:7, true",
        "*:*, true",
        "12077:*, false",
        "no-export, false",
        "65000:*:2, true",
        "65000:1:3, false",
        "rt:65000:*, true",
        "rt:*:9, true",
        "soo:65000:*, false",
        "0002fde800000009, true",
    })
    void communities_match_by_value_and_by_pattern(String pattern, boolean expected) {
        List<CommunityPattern> patterns = List.of(CommunityPattern.of(pattern));

        assertThat(matches(RouteMatch.builder().anyCommunity(patterns).build())).isEqualTo(expected);
    }

    @Test
    void of_any_one_community_suffices_and_of_all_each_is_needed() {
        List<CommunityPattern> both = List.of(CommunityPattern.of("12076:5010"), CommunityPattern.of("1:1"));

        assertThat(matches(RouteMatch.builder().anyCommunity(both).build())).isTrue();
        assertThat(matches(RouteMatch.builder().allCommunities(both).build())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "65536:1", "65000:1*", "a:*", "1:2:3:4", "rt:*", "*"})
    void refuses_what_is_no_community_pattern(String text) {
        assertThatThrownBy(() -> CommunityPattern.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void all_conditions_of_a_match_must_hold() {
        RouteMatch.Builder all = RouteMatch.builder()
                .family(AddressFamily.IPV4_UNICAST)
                .prefixList(new PrefixList("p", List.of(PrefixList.Entry.of("10.0.0.0/8 le 24"))))
                .asPath(AsPathPattern.of("^12076_"))
                .neighborAs(Asn.of(12076))
                .originAs(Asn.of(8075))
                .nextHop(IpAddresses.parse("169.254.10.2"));

        assertThat(matches(all.build())).isTrue();
        assertThat(matches(all.nextHop(IpAddresses.parse("169.254.10.3")).build()))
                .isFalse();
    }

    @Test
    void each_single_condition_can_fail() {
        assertThat(matches(
                        RouteMatch.builder().family(AddressFamily.IPV6_UNICAST).build()))
                .isFalse();
        assertThat(matches(RouteMatch.builder().neighborAs(Asn.of(8075)).build()))
                .isFalse();
        assertThat(matches(RouteMatch.builder().originAs(Asn.of(12076)).build()))
                .isFalse();
        assertThat(matches(
                        RouteMatch.builder().asPath(AsPathPattern.of("^8075")).build()))
                .isFalse();
        assertThat(matches(RouteMatch.of(new PrefixList("p", List.of())))).isFalse();
    }

    @Test
    void depends_on_the_prefix_only_if_a_term_looks_at_it() {
        assertThat(policy(term("t", RouteMatch.ANY, RouteActions.NONE, Outcome.ACCEPT))
                        .dependsOnPrefix())
                .isFalse();
        assertThat(policy(term("t", RouteMatch.of(new PrefixList("p", List.of())), RouteActions.NONE, Outcome.ACCEPT))
                        .dependsOnPrefix())
                .isTrue();
    }

    @Test
    void refuses_terms_without_a_name_of_their_own() {
        Term one = term("one", RouteMatch.ANY, RouteActions.NONE, Outcome.NEXT);

        assertThatThrownBy(() -> policy(one, one)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy(term(" ", RouteMatch.ANY, RouteActions.NONE, Outcome.NEXT)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refuses_values_out_of_range() {
        assertThatThrownBy(() -> RouteActions.builder().localPref(-1).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        RouteActions.builder().multiExitDisc(0x1_0000_0000L).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RouteActions.builder().prepend(Asn.of(65000), 51))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RouteActions.builder().prepend(Asn.of(0), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
