package net.popbgp.sim.load;

import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.PackedPrefixes;

/** Prefixes that share their attributes: what one source announces together. Immutable. */
public record Batch(PathAttributes attributes, PackedPrefixes prefixes) {}
