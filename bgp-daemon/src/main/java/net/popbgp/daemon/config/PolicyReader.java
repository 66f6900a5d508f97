package net.popbgp.daemon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.net.Asn;
import net.popbgp.core.route.AsPathPattern;
import net.popbgp.core.route.CommunityPattern;
import net.popbgp.core.route.PrefixList;
import net.popbgp.core.route.RouteActions;
import net.popbgp.core.route.RouteMatch;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.TermPolicy;

/** Reads prefix lists, named communities and policies. Used by one thread. */
final class PolicyReader {

    private final Map<String, PrefixList> prefixLists = new HashMap<>();
    private final Map<String, List<String>> communities = new HashMap<>();
    private final Map<String, RoutePolicy> policies = new HashMap<>();
    private final Optional<Asn> localAs;

    PolicyReader(Section root, Optional<Asn> localAs) {
        this.localAs = localAs;
        policies.put("accept-all", RoutePolicy.ACCEPT_ALL);
        policies.put("reject-all", RoutePolicy.REJECT_ALL);
        root.section("prefix-lists")
                .ifPresent(section -> section.named().forEach((name, node) -> prefixLists.put(name, list(name, node))));
        root.section("communities")
                .ifPresent(section -> section.named()
                        .forEach((name, node) -> communities.put(name, node.readAll(PolicyReader::community))));
        root.section("policies").ifPresent(section -> section.named().forEach(this::readPolicy));
    }

    private PolicyReader() {
        localAs = Optional.empty();
    }

    /** {@return a reader that knows no names} */
    static PolicyReader empty() {
        return new PolicyReader();
    }

    /** {@return the policy of that name} */
    RoutePolicy policy(String name) {
        RoutePolicy policy = policies.get(name);
        if (policy == null) {
            throw unknown("policy", name, policies.keySet());
        }
        return policy;
    }

    private static PrefixList list(String name, ConfigNode node) {
        List<PrefixList.Entry> entries = node.readAll(PrefixList.Entry::of);
        try {
            return new PrefixList(name, entries);
        } catch (IllegalArgumentException e) {
            node.error(String.valueOf(e.getMessage()));
            return new PrefixList(name, List.of());
        }
    }

    private void readPolicy(String name, ConfigNode node) {
        if (policies.containsKey(name)) {
            node.error("'" + name + "' is built in");
            return;
        }
        policies.put(name, RoutePolicy.REJECT_ALL); // known by name even if its terms turn out wrong
        List<TermPolicy.Term> terms = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ConfigNode item : node.items()) {
            item.section().flatMap(this::term).ifPresent(term -> {
                if (!names.add(term.name())) {
                    item.error("another term of this policy is named '" + term.name() + "'");
                } else {
                    terms.add(term);
                }
            });
        }
        try {
            policies.put(name, new TermPolicy(name, terms));
        } catch (IllegalArgumentException e) {
            node.error(String.valueOf(e.getMessage()));
        }
    }

    private Optional<TermPolicy.Term> term(Section section) {
        Optional<String> name = section.require("name", Values::name);
        Optional<TermPolicy.Outcome> outcome = section.require("then", Values.oneOf(TermPolicy.Outcome.class));
        RouteMatch match = section.section("match").map(this::match).orElse(RouteMatch.ANY);
        Optional<ConfigNode> set = section.get("set");
        RouteActions actions =
                set.flatMap(ConfigNode::section).map(this::actions).orElse(RouteActions.NONE);
        if (outcome.equals(Optional.of(TermPolicy.Outcome.REJECT))) {
            set.ifPresent(node -> node.error("a term that rejects changes nothing"));
        }
        section.finish();
        return name.isPresent() && outcome.isPresent()
                ? Optional.of(new TermPolicy.Term(name.get(), match, actions, outcome.get()))
                : Optional.empty();
    }

    private RouteMatch match(Section section) {
        RouteMatch.Builder builder = RouteMatch.builder();
        section.apply("family", Values::family, builder::family);
        section.get("prefix-list").ifPresent(node -> {
            if (node.isList()) {
                builder.prefixList(list("(inline)", node));
            } else {
                node.read(this::prefixList).ifPresent(builder::prefixList);
            }
        });
        section.apply("as-path", AsPathPattern::of, builder::asPath);
        section.apply("neighbor-as", Values::asn, builder::neighborAs);
        section.apply("origin-as", Values::asn, builder::originAs);
        section.apply("next-hop", Values::address, builder::nextHop);
        builder.anyCommunity(patterns(section, "any-community"));
        builder.allCommunities(patterns(section, "all-communities"));
        builder.noCommunity(patterns(section, "no-community"));
        section.apply("local", Values::bool, builder::local);
        section.finish();
        return builder.build();
    }

    private PrefixList prefixList(String name) {
        PrefixList list = prefixLists.get(name);
        if (list == null) {
            throw unknown("prefix list", name, prefixLists.keySet());
        }
        return list;
    }

    RouteActions actions(Section section) {
        RouteActions.Builder builder = RouteActions.builder();
        section.apply("local-pref", Values::unsigned32, builder::localPref);
        section.apply("med", Values::unsigned32, builder::multiExitDisc);
        section.apply("origin", Values.oneOf(Origin.class), builder::origin);
        section.apply("next-hop", Values::address, builder::nextHop);
        Communities added = communities(section, "add-communities");
        if (section.get("communities").isPresent()) {
            section.get("add-communities").ifPresent(node -> node.error("'communities' sets them all; add them there"));
            builder.clearCommunities();
            added = communities(section, "communities");
        }
        builder.addCommunities(added.standard)
                .addLargeCommunities(added.large)
                .addExtendedCommunities(added.extended)
                .removeCommunities(patterns(section, "remove-communities"));
        section.section("prepend").ifPresent(prepend -> {
            Optional<Asn> asn = prepend.get("as").isPresent() ? prepend.read("as", Values::asn) : localAs;
            int times = prepend.read("times", 1, Values.integer(1, RouteActions.Prepend.MAX_TIMES));
            asn.ifPresent(as -> builder.prepend(as, times));
            prepend.finish();
        });
        section.finish();
        return builder.build();
    }

    private List<CommunityPattern> patterns(Section section, String key) {
        return expanded(section, key)
                .flatMap(List::stream)
                .map(CommunityPattern::of)
                .toList();
    }

    /** Communities by their kind. Immutable. */
    record Communities(List<Community> standard, List<LargeCommunity> large, List<ExtendedCommunity> extended) {

        /** Sorts texts that {@link #community} has let through. */
        static Communities of(List<String> texts) {
            return new Communities(
                    texts.stream()
                            .filter(text -> kind(text) == Kind.STANDARD)
                            .map(Community::of)
                            .toList(),
                    texts.stream()
                            .filter(text -> kind(text) == Kind.LARGE)
                            .map(LargeCommunity::of)
                            .toList(),
                    texts.stream()
                            .filter(text -> kind(text) == Kind.EXTENDED)
                            .map(ExtendedCommunity::of)
                            .toList());
        }
    }

    private enum Kind {
        STANDARD,
        LARGE,
        EXTENDED
    }

    private static Kind kind(String text) {
        if (text.matches("(rt|soo):.*|[0-9a-fA-F]{16}")) {
            return Kind.EXTENDED;
        }
        return text.split(":", -1).length == 3 ? Kind.LARGE : Kind.STANDARD;
    }

    /** {@return the communities of a list, names of lists replaced by what they hold; no patterns} */
    Communities communities(Section section, String key) {
        List<String> texts = new ArrayList<>();
        expanded(section, key).forEach(values -> {
            if (values.stream().anyMatch(text -> text.contains("*"))) {
                section.get(key).ifPresent(node -> node.error("a pattern with * cannot be added: " + values));
            } else {
                texts.addAll(values);
            }
        });
        return Communities.of(texts);
    }

    private Stream<List<String>> expanded(Section section, String key) {
        Function<String, List<String>> parser = text -> {
            List<String> named = communities.get(text);
            return named == null ? List.of(community(text)) : named;
        };
        return section.readAll(key, parser).stream();
    }

    private static String community(String text) {
        CommunityPattern.of(text);
        return text;
    }

    private static IllegalArgumentException unknown(String what, String name, Set<String> known) {
        String suggestion = Suggestion.nearest(name, known)
                .map(near -> ", did you mean '" + near + "'?")
                .orElse("");
        return new IllegalArgumentException("there is no " + what + " named '" + name + "'" + suggestion);
    }
}
