/**
 * The numbers that BGP is made of: AS numbers, BGP Identifiers, address families, prefixes.
 *
 * <p>Everything here is a value that knows its range and how it is written. {@link net.popbgp.core.net.Prefix} is the form for people
 * and for the API; {@link net.popbgp.core.net.PackedPrefixes} is how prefixes travel on the hot path. Immutable throughout.
 */
@NullMarked
package net.popbgp.core.net;

import org.jspecify.annotations.NullMarked;
