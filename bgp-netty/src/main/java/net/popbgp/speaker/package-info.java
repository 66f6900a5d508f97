/**
 * The embeddable BGP speaker: the only public package of this module. Start at {@code BgpSpeaker}; configurations are
 * records made by builders, states are copies, and everything may be called from any thread.
 */
@NullMarked
package net.popbgp.speaker;

import org.jspecify.annotations.NullMarked;
