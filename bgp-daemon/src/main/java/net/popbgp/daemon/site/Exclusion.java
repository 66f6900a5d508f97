package net.popbgp.daemon.site;

import java.util.Optional;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.route.PrefixList;

/**
 * An exception to what is accepted from the cloud: by prefix (exact, or with {@code ge} and {@code le}), by community, or both. Immutable.
 *
 * @param prefixes the prefixes that it names; empty for any
 * @param community the community that it looks for; empty for any
 * @param communityAbsent whether it names routes without the community instead of those with it
 */
public record Exclusion(Optional<PrefixList> prefixes, Optional<Community> community, boolean communityAbsent) {

    public Exclusion {
        if (prefixes.isEmpty() && community.isEmpty()) {
            throw new IllegalArgumentException("an exclusion needs a prefix or a community");
        }
    }
}
