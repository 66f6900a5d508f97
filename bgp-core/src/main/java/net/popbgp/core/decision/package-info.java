/** Which of several routes is used, and why (RFC 4271, 9.1). Pure functions over immutable values. */
@NullMarked
package net.popbgp.core.decision;

import org.jspecify.annotations.NullMarked;
