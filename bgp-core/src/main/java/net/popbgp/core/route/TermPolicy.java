package net.popbgp.core.route;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.popbgp.core.attribute.PathAttributes;

/**
 * A policy of named terms, asked in order: a term whose conditions hold changes the route, and accepts it, rejects it or leaves the decision
 * to the next. What no term decides is rejected.
 *
 * <p>Immutable.
 */
public record TermPolicy(String name, List<Term> terms) implements RoutePolicy {

    /** The most terms of one policy. */
    public static final int MAX_TERMS = 1000;

    /** What a term does with a route that matches. */
    public enum Outcome {
        ACCEPT,
        REJECT,
        NEXT
    }

    /** One term. Immutable. */
    public record Term(String name, RouteMatch match, RouteActions actions, Outcome outcome) {}

    public TermPolicy {
        terms = List.copyOf(terms);
        Set<String> names = new HashSet<>();
        for (Term term : terms) {
            if (term.name.isBlank() || !names.add(term.name)) {
                throw new IllegalArgumentException(
                        "policy " + name + ": every term needs a name of its own: '" + term.name + "'");
            }
        }
        if (terms.size() > MAX_TERMS) {
            throw new IllegalArgumentException(
                    "policy " + name + " has more than " + MAX_TERMS + " terms: " + terms.size());
        }
    }

    @Override
    public PolicyVerdict evaluate(Route route) {
        Route current = route;
        for (Term term : terms) {
            if (!term.match.matches(current)) {
                continue;
            }
            if (term.outcome == Outcome.REJECT) {
                return PolicyVerdict.reject(name + "/" + term.name);
            }
            PathAttributes changed = term.actions.apply(current.attributes());
            current = new Route(route.prefix(), changed, route.source());
            if (term.outcome == Outcome.ACCEPT) {
                return changed.equals(route.attributes())
                        ? PolicyVerdict.ACCEPT
                        : new PolicyVerdict.AcceptModified(changed);
            }
        }
        return PolicyVerdict.reject(name + ": no term matched");
    }

    @Override
    public boolean dependsOnPrefix() {
        return terms.stream().anyMatch(term -> term.match.dependsOnPrefix());
    }
}
