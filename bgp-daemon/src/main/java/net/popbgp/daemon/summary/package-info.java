/**
 * Fewer prefixes for the same addresses, or for few more: {@link net.popbgp.daemon.summary.Suggestion} is the way in. Pure; knows nothing of
 * sites or the speaker.
 */
@NullMarked
package net.popbgp.daemon.summary;

import org.jspecify.annotations.NullMarked;
