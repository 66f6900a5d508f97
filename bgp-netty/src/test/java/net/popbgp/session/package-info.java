/** Tests of what a session is made of. */
@NullMarked
package net.popbgp.session;

import org.jspecify.annotations.NullMarked;
