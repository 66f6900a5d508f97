/**
 * Path attributes (RFC 4271, 5) as values: typed where we act on them, {@link net.popbgp.core.attribute.RawAttribute} where we only pass
 * them on. Start at {@link net.popbgp.core.attribute.PathAttributes}. How they look on the wire is known to the codec alone. Immutable
 * throughout.
 */
@NullMarked
package net.popbgp.core.attribute;

import org.jspecify.annotations.NullMarked;
