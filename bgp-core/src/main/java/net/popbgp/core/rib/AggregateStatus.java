package net.popbgp.core.rib;

import java.util.Optional;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.route.Aggregate;

/**
 * An aggregate at one moment. Immutable.
 *
 * @param contributors how many selected routes it stands for
 * @param attributes what is originated; empty if nothing is
 * @param hindrance why nothing is originated although there are contributors; empty otherwise
 */
public record AggregateStatus(
        Aggregate aggregate, int contributors, Optional<PathAttributes> attributes, String hindrance) {}
