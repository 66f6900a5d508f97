/** Tests of the state machine as tables: state and event in, actions out. */
@NullMarked
package net.popbgp.core.fsm;

import org.jspecify.annotations.NullMarked;
