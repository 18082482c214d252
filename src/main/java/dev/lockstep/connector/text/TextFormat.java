package dev.lockstep.connector.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The format of a system's texts. For every format {@code read(write(text))} equals {@code text},
 * except for trailing spaces, empty lines at both ends and, where the format cannot represent them,
 * no-break spaces and consecutive empty lines. A text that was read once is therefore stable.
 */
public enum TextFormat {
  PLAIN(UnaryOperator.identity(), UnaryOperator.identity()),
  MARKDOWN(Markdown::toPlain, Markdown::fromPlain),
  /** Wiki markup of older issue trackers. */
  WIKI(Wiki::toPlain, Wiki::fromPlain),
  HTML(Html::toPlain, Html::fromPlain),
  /** The markup of chats: mentions and links in {@code <>}. */
  MRKDWN(Mrkdwn::toPlain, Mrkdwn::fromPlain),
  /** Plain text with HTML between {@code [code]} and {@code [/code]}. */
  HTML_IN_CODE(HtmlInCode::toPlain, HtmlInCode::fromPlain),
  /** Atlassian Document Format: a tree rather than a string. */
  ADF(UnaryOperator.identity(), UnaryOperator.identity()) {
    @Override
    public Optional<String> read(JsonNode value) {
      return Adf.isDocument(value) ? Optional.of(Adf.toPlain(value)) : Optional.empty();
    }

    @Override
    public JsonNode write(String plain) {
      return plain.isBlank() ? NullNode.getInstance() : Adf.fromPlain(plain);
    }
  };

  private final UnaryOperator<String> toPlain;
  private final UnaryOperator<String> fromPlain;

  TextFormat(UnaryOperator<String> toPlain, UnaryOperator<String> fromPlain) {
    this.toPlain = toPlain;
    this.fromPlain = fromPlain;
  }

  /** By its name in the files, for example {@code html-in-code}. */
  @JsonCreator
  public static TextFormat of(String name) {
    return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
  }

  /** The text as plain text; empty if the value is not in this format. */
  public Optional<String> read(JsonNode value) {
    return value.isTextual() ? Optional.of(toPlain.apply(value.textValue())) : Optional.empty();
  }

  /** Converts plain text to this format. */
  public JsonNode write(String plain) {
    return TextNode.valueOf(fromPlain.apply(plain));
  }
}
