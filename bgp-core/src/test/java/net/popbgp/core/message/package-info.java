/** Tests of messages as values. */
@NullMarked
package net.popbgp.core.message;

import org.jspecify.annotations.NullMarked;
