package net.popbgp.daemon.alert;

import java.util.regex.Pattern;

/** Words of peers, servers and files on their way into a mail. No state. */
final class Texts {

    /** Line breaks of all kinds and every other character that is not one that shows itself: what headers must not have. */
    private static final Pattern BREAK = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}]");

    private Texts() {}

    /** {@return the text on one line; control characters become a blank, what turns or hides text a question mark} */
    static String line(String text) {
        return INVISIBLE
                .matcher(BREAK.matcher(text).replaceAll(" "))
                .replaceAll("?")
                .strip();
    }
}
