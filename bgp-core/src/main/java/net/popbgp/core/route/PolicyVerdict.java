package net.popbgp.core.route;

import net.popbgp.core.attribute.PathAttributes;

/** What a policy says about one route. Immutable. */
public sealed interface PolicyVerdict {

    /** Take the route as it is. */
    PolicyVerdict ACCEPT = new Accept();

    /** Taken unchanged. */
    record Accept() implements PolicyVerdict {}

    /** Taken with other attributes. */
    record AcceptModified(PathAttributes attributes) implements PolicyVerdict {}

    /** Not taken. The reason is for the operator: the rule's name, or the RFC's section. */
    record Reject(String reason) implements PolicyVerdict {}

    static PolicyVerdict reject(String reason) {
        return new Reject(reason);
    }
}
