package dev.lockstep.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * An export of the audit: JSON lines, each with the SHA-256 hash of its content and of the hash
 * before it. The hashed bytes are the line without its hash in the canonical form of RFC 8785, in
 * UTF-8; contents have texts and whole numbers only.
 *
 * <p>The first line says what is exported, the last one how many entries there are. Proves that no
 * line was changed, removed, added or moved without computing the hashes after it again.
 */
public final class AuditChain {
  public static final String FORMAT = "lockstep-audit-1";
  static final String BEGIN = "begin";
  static final String ENTRY = "entry";
  static final String END = "end";

  private static final String START = "0".repeat(64);
  private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

  /** Sorts keys by UTF-16 code units and escapes as RFC 8785 says. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .build();

  private String last = START;
  private long lines;

  /** The hash of the last line. */
  public String last() {
    return last;
  }

  /** Returns the next line, without a line end. */
  String append(Map<String, Object> content) {
    Map<String, Object> line = new TreeMap<>();
    line.put("n", lines++);
    line.put("previous", last);
    line.put("content", content);
    last = hash(line);
    line.put("hash", last);
    return canonical(line);
  }

  static String canonical(Map<String, Object> object) {
    try {
      return JSON.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hash(Map<String, Object> line) {
    try {
      byte[] bytes = canonical(line).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Thrown for the first line that does not fit; the message is for the operator. */
  public static final class BrokenException extends RuntimeException {
    BrokenException(long line, String problem) {
      super("line " + line + ": " + problem);
    }
  }

  /** Checks the lines of a file one after the other. */
  public static final class Verifier {
    private final Set<String> anchors = new HashSet<>();
    private String last = START;
    private long lines;
    private long entries;
    private long id;
    private boolean isComplete;

    /**
     * @throws BrokenException if it does not follow from the lines before it
     */
    public void accept(String text) {
      long number = ++lines;
      Map<String, Object> line = parse(number, text);
      Object hash = line.remove("hash");
      require(!isComplete, number, "stands after the end");
      require(
          line.keySet().equals(Set.of("n", "previous", "content")),
          number,
          "is no line of an export");
      require(
          Objects.equals(line.get("previous"), last),
          number,
          "does not follow the line before it: a line was removed, added, moved or changed");
      require(hash(line).equals(hash), number, "was changed: its hash is not that of its content");
      require(
          String.valueOf(line.get("n")).equals(String.valueOf(number - 1)),
          number,
          "has the wrong number");
      last = String.valueOf(hash);
      if (line.get("content") instanceof Map<?, ?> content) {
        accept(number, content);
      } else {
        throw new BrokenException(number, "has no content");
      }
    }

    private static Map<String, Object> parse(long number, String text) {
      try {
        return Objects.requireNonNullElseGet(JSON.readValue(text, OBJECT), TreeMap::new);
      } catch (JsonProcessingException e) {
        throw new BrokenException(number, "is not a JSON object");
      }
    }

    private void accept(long number, Map<?, ?> content) {
      String type = String.valueOf(content.get("type"));
      require((number == 1) == type.equals(BEGIN), number, "is not expected here: " + type);
      switch (type) {
        case BEGIN ->
            require(
                FORMAT.equals(content.get("format")),
                number,
                "is of another format than " + FORMAT);
        case ENTRY -> entry(number, content);
        case END -> {
          require(
              String.valueOf(content.get("entries")).equals(String.valueOf(entries)),
              number,
              "counts other entries than there are");
          isComplete = true;
        }
        default -> throw new BrokenException(number, "is of an unknown type");
      }
    }

    private void entry(long number, Map<?, ?> content) {
      require(
          content.get("id") instanceof Number next && next.longValue() > id,
          number,
          "is not in the order of ids");
      id = ((Number) Objects.requireNonNull(content.get("id"))).longValue();
      entries++;
      if (String.valueOf(content.get("subject")).startsWith(AuditExport.SUBJECT + ":")
          && content.get("details") instanceof Map<?, ?> details) {
        anchors.add(String.valueOf(details.get("hash")));
      }
    }

    private static void require(boolean holds, long number, String problem) {
      if (!holds) {
        throw new BrokenException(number, problem);
      }
    }

    /**
     * Call it after the last line.
     *
     * @throws BrokenException if lines are missing at the end
     */
    public void finish() {
      require(isComplete, lines + 1, "the end is missing: the file is not complete");
    }

    public long entries() {
      return entries;
    }

    /** The hash of the last line. */
    public String last() {
      return last;
    }

    /** Whether the file has the record of an export that ended with this hash. */
    public boolean hasAnchor(String hash) {
      return anchors.contains(hash);
    }
  }
}
