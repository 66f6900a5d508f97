package net.popbgp.core.route;

import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;

/** A route as policies and the Decision Process see it (RFC 4271, 9.1). Immutable. */
public record Route(Prefix prefix, PathAttributes attributes, RouteSource source) {}
