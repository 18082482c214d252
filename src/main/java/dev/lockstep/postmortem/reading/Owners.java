package dev.lockstep.postmortem.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Who is to do it. */
final class Owners {
  static final String MAIL = "[\\w.+-]+@[\\w-]+\\.[\\w.-]*\\w";

  /** A handle; some write an address as one. */
  static final String MENTION = "@(?:" + MAIL + "|[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*)";

  private static final Pattern ADDRESSED = Pattern.compile(MENTION + "|" + MAIL);
  private static final Pattern NAME =
      Pattern.compile(
          "\\p{Lu}[\\p{L}'’.-]*(?: (?:\\p{Lu}[\\p{L}'’.-]*|van|von|de|der|la|team)){0,3}");
  private static final Pattern BETWEEN =
      Pattern.compile("\\s*(?:[,;&+/\\n]|\\band\\b|\\bund\\b)\\s*");

  private Owners() {}

  /** All that a cell or a label names, first the one who answers for it. */
  static List<String> named(String text) {
    List<String> names = new ArrayList<>();
    if (Words.isNothing(text)) {
      return names;
    }
    for (String part : text.contains("://") ? new String[] {text} : BETWEEN.split(text)) {
      String name = name(part);
      if (!name.isEmpty() && !Words.isNothing(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** {@code @dana} or an address: said to be a person by how it is written. */
  static boolean isAddressed(String text) {
    return ADDRESSED.matcher(text.strip()).matches();
  }

  /** Could be a name, where something else says that one stands there. */
  static boolean isName(String text) {
    return isAddressed(text) || NAME.matcher(text.strip()).matches();
  }

  static String name(String text) {
    String name = Text.tidy(text).replaceAll("^[(\\[<]+(?=[^)\\]>]*[)\\]>]?$)|[.:]+$", "");
    name = name.replaceFirst("(?<=^[^(\\[<]{0,80})[)\\]>]+$", "");
    return name.matches("@[^@\\s].*") ? name.substring(1).strip() : name.strip();
  }
}
