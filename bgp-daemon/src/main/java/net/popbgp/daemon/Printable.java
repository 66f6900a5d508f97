package net.popbgp.daemon;

import java.util.regex.Pattern;

/** Text that a peer or a file has chosen, made fit for a terminal and a log line. No state. */
public final class Printable {

    /** Controls of both ranges, marks that turn the direction of writing, separators of lines and paragraphs. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private Printable() {}

    /** {@return the text with a question mark for each character that would do something else than show itself} */
    public static String of(String text) {
        return UNFIT.matcher(text).replaceAll("?");
    }
}
