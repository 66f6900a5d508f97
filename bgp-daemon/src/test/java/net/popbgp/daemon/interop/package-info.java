/** The daemon against foreign ones on hosts of their own. Skipped where they, root or namespaces are missing. */
@NullMarked
package net.popbgp.daemon.interop;

import org.jspecify.annotations.NullMarked;
