package dev.lockstep.plan;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a note looks once carried: who wrote it, where and when, the text, and a last line with a
 * mark. The mark is for two failures: a crash between sending a note and remembering that it was
 * sent (it is looked for before sending again), and the note's own echo, where the system does not
 * tell the id of what it stored.
 */
public final class NoteText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern MARK = Pattern.compile("\\[lockstep:([0-9a-f]{16})\\]\\s*$");
  private static final String CUT = "… (cut)";

  private NoteText() {}

  /** The mark of the note {@code id} of {@code source}: the same whenever it is asked for. */
  public static String mark(RecordRef source, String id) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256")
              .digest((source + "\n" + id).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sum, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** The mark at the end of a note's text, if it bears one. */
  public static Optional<String> markIn(String text) {
    Matcher matcher = MARK.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The text without the mark it may bear. */
  public static String unmarked(String text) {
    Matcher matcher = MARK.matcher(text);
    return matcher.find() ? text.substring(0, matcher.start()).strip() : text.strip();
  }

  /**
   * @param sourceKey what people call the record it was written on
   * @param most how many characters the other system takes
   */
  public static String carried(WorkNote note, String sourceKey, String mark, int most) {
    String head =
        (note.author().isBlank() ? "" : note.author() + " ")
            + "on "
            + sourceKey
            + ", "
            + time(note.createdAt())
            + ":\n";
    return fitted(head, note.text(), mark, most);
  }

  /** A note Lockstep itself writes. */
  public static String own(String text, String mark, int most) {
    return fitted("", text, mark, most);
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** The mark is never cut off. */
  private static String fitted(String head, String text, String mark, int most) {
    String tail = "\n[lockstep:" + mark + "]";
    int room = most - head.length() - tail.length();
    String body = text.strip();
    if (body.length() > room) {
      int end = Math.max(0, room - CUT.length());
      if (end > 0 && Character.isHighSurrogate(body.charAt(end - 1))) {
        end--;
      }
      body = body.substring(0, end) + CUT;
    }
    return head + body + tail;
  }
}
