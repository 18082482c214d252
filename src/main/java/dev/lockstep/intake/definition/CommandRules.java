package dev.lockstep.intake.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.text.TextFormat;
import dev.lockstep.json.JsonPath;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How people ask for something in a system, and where they are answered.
 *
 * @param json the fields of the form that contain JSON
 * @param format of typed texts, and of answers
 * @param mention what mentions a person in a typed text; its first group is the person's id
 * @param person the reference in connector.yaml that makes an e-mail address of a person's id
 * @param answers what the addresses for answers begin with; nothing is sent elsewhere
 * @param within how long after a request it may be answered
 */
public record CommandRules(
    Set<String> json,
    TextFormat format,
    @Nullable Pattern mention,
    String person,
    URI answers,
    Duration within,
    List<Rule> rules) {
  public CommandRules {
    json = Set.copyOf(json);
    rules = List.copyOf(rules);
  }

  /**
   * One kind of request.
   *
   * @param when path of what distinguishes it
   * @param is the values there; empty for any
   * @param placeKind the kind of record in whose place it is asked; empty for none
   * @param same paths with the same value if the sender is of this company
   * @param button whether the text is one of Lockstep's own, and is not in {@link #format}
   */
  public record Rule(
      JsonPath when,
      Set<String> is,
      JsonPath id,
      JsonPath sender,
      String placeKind,
      @Nullable JsonPath placeId,
      JsonPath text,
      JsonPath answerTo,
      Map<JsonPath, JsonPath> same,
      boolean button) {
    public Rule {
      is = Set.copyOf(is);
      same = Map.copyOf(same);
    }

    boolean covers(JsonNode request) {
      return when.findText(request)
          .filter(value -> is.isEmpty() ? !value.isEmpty() : is.contains(value))
          .isPresent();
    }

    /**
     * Whether the sender is of the company that Lockstep belongs to; what is missing proves it not.
     */
    public boolean isOurs(JsonNode request) {
      return same.entrySet().stream()
          .allMatch(
              pair -> {
                String company = pair.getKey().findText(request).orElse("");
                return !company.isEmpty()
                    && company.equals(pair.getValue().findText(request).orElse(""));
              });
    }
  }

  public Optional<Rule> find(JsonNode request) {
    return rules.stream().filter(rule -> rule.covers(request)).findFirst();
  }

  /** A typed text as plain text, in which mentioned persons are {@code @} and their id. */
  public String plain(String typed) {
    String named =
        mention == null
            ? typed
            : mention
                .matcher(typed)
                .replaceAll(found -> Matcher.quoteReplacement("@" + found.group(1)));
    return format.read(TextNode.valueOf(named)).orElse(named);
  }

  /** Whether answers may be sent there. */
  public boolean isAnswerAddress(String address) {
    try {
      URI given = new URI(address);
      return given.getUserInfo() == null
          && answers.getScheme().equals(given.getScheme())
          && answers.getRawAuthority().equals(given.getRawAuthority())
          && given.getRawPath() != null
          && given.normalize().getRawPath().startsWith(answers.getRawPath());
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
